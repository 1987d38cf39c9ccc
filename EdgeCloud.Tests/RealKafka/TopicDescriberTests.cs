using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

public sealed class TopicDescriberTests
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    [KafkaFact]
    public async Task It_answers_again_after_a_broker_was_asked_while_it_shut_down()
    {
        await using var kafka = await KafkaBroker.StartAsync();
        await kafka.CreateTopicsAsync(partitions: 6, "edge-data");
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = kafka.BootstrapServers, ReconnectBackoffMaxMs = 500 }).Build();
        using var describer = new TopicDescriber(producer.Handle);
        var before = (await DescribeAsync())!.TopicId;

        // Back to back, so that it is asked in the moment when it still answers, and of partitions without a replica.
        var stopping = kafka.StopAsync();
        while (!stopping.IsCompleted)
            await DescribeAsync();
        await stopping;
        await kafka.StartAgainAsync();

        await Eventually.HoldsAsync(
            async () => await DescribeAsync() is { } topic && $"{topic.TopicId}" == $"{before}",
            "the same log is there again");

        async Task<Confluent.Kafka.Admin.TopicDescription?> DescribeAsync()
        {
            try
            {
                return await describer.DescribeAsync("edge-data", AnswerTimeout, CancellationToken.None);
            }
            catch (Exception exception) when (exception is KafkaException or TimeoutException)
            {
                return null;
            }
        }
    }
}
