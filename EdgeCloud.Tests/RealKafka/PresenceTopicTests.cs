using System.Net.Http.Json;
using System.Text.Json;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>The topic of presences at an Apache Kafka, which knows which log it has.</summary>
public sealed class PresenceTopicTests
{
    private readonly DateTimeOffset _anHourAgo = DateTimeOffset.UtcNow.AddHours(-1);

    [KafkaFact]
    public async Task It_is_read_on_after_a_start_and_anew_when_it_is_another_and_with_the_partitions_that_it_gets()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await KafkaBroker.StartAsync();
        await broker.CreateTopicsAsync(1, DetectionTopic.Name, DetectionTopic.DeadLetterName, PresenceTopic.Name);
        var history = $"Data Source={folder.File("history.db")}";
        Publish(broker, partition: 0, count: 5);
        using (var server = ServerProcess.StartOn(history, broker.BootstrapServers))
        {
            await server.IsReadyAsync();
            await SeesAsync(server, 5);
        }

        Publish(broker, partition: 0, count: 1);
        using var next = ServerProcess.StartOn(history, broker.BootstrapServers);
        await next.IsReadyAsync();
        await SeesAsync(next, 6);
        await HasReadAsync(next, 1);

        // As many as were read of the old log: nothing but its id tells that it is another.
        await broker.MakeAnewAsync(1, PresenceTopic.Name);
        Publish(broker, partition: 0, count: 7);
        await SeesAsync(next, 13);

        await broker.AddPartitionsAsync(PresenceTopic.Name, 3);
        Publish(broker, partition: 2, count: 2);
        Publish(broker, partition: 0, count: 1);
        await SeesAsync(next, 16);
    }

    private static Task SeesAsync(ServerProcess server, int visits) => Eventually.HoldsAsync(
        async () =>
        {
            using var answer = await server.Http.GetAsync("/visits?from=-3h");
            return answer.IsSuccessStatusCode
                && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("visits").GetInt32() == visits;
        },
        $"/visits says {visits}");

    private static async Task HasReadAsync(ServerProcess server, int events) => Assert.Matches(
        $"(?m)^edgecloud_presences_total{{.*outcome=\"event\".*}} {events}\\b",
        await server.Http.GetStringAsync("/metrics"));

    private void Publish(KafkaBroker broker, int partition, int count)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            Acks = Acks.All,
        }).Build();
        for (var i = 0; i < count; i++)
        {
            producer.Produce(new TopicPartition(PresenceTopic.Name, partition), new Message<string, byte[]>
            {
                Key = "edge-1",
                Value = PresenceEventJson.Write(Presences.Of("edge-1", _anHourAgo)),
            });
        }

        producer.Flush(TimeSpan.FromSeconds(30));
    }
}
