using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.Tests.StandIns.Kafka;

public sealed class QueueBackoffTests(MockCluster cluster) : IClassFixture<MockCluster>
{
    private const int Batches = 60;
    private const int MessagesPerBatch = 1100;

    /// <summary>Without the setting, the client rests for a second after each batch: for a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(55);

    [Fact]
    public void A_consumer_that_has_read_ahead_as_far_as_it_may_goes_on_when_that_is_used_up()
    {
        var topic = cluster.CreateTopic();
        Fill(topic);
        var builder = new HostApplicationBuilder();
        builder.Configuration["ConnectionStrings:kafka"] = cluster.BootstrapServers;
        builder.AddKafkaConsumer<Null, string>("kafka", settings =>
        {
            settings.Config.GroupId = topic;
            settings.Config.QueuedMinMessages = 1;
            settings.Config.FetchQueueBackoffMs = 10;
        });
        using var host = builder.Build();
        var consumer = host.Services.GetRequiredService<IConsumer<Null, string>>();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        using var patience = new CancellationTokenSource(Patience);

        for (var i = 0; i < Batches * MessagesPerBatch; i++)
            Assert.Equal(i, consumer.Consume(patience.Token).Offset.Value);
    }

    private void Fill(string topic)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = cluster.BootstrapServers,
            BatchNumMessages = MessagesPerBatch,
            LingerMs = 1000,
        }).Build();
        for (var i = 0; i < Batches * MessagesPerBatch; i++)
            producer.Produce(topic, new Message<Null, string> { Value = "" });
        producer.Flush(Timeout.InfiniteTimeSpan);
    }
}
