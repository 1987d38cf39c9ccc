using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>A Kafka without topics, which creates none by itself.</summary>
public sealed class EmptyKafkaTests
{
    [KafkaFact]
    public async Task A_server_alone_creates_its_topics_as_it_is_told_and_is_ready()
    {
        await using var broker = await KafkaBroker.StartAsync(null, "auto.create.topics.enable=false");
        using var server = ServerProcess.Start(
            broker.BootstrapServers, "--Topics:Partitions=3", "--Topics:ReplicationFactor=1");

        await server.IsReadyAsync();

        using var admin =
            new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        foreach (var topic in (string[])[DetectionTopic.Name, DetectionTopic.DeadLetterName])
        {
            await Eventually.HoldsAsync(
                () => admin.GetMetadata(topic, TimeSpan.FromSeconds(5)).Topics is [{ Partitions.Count: 3 }],
                $"{topic} has three partitions");
        }
    }
}
