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

    [KafkaFact]
    public async Task A_server_without_Kafka_is_degraded_and_healthy_again_when_it_is_back()
    {
        await using var broker = await KafkaBroker.StartAsync();
        using var server = ServerProcess.Start(broker.BootstrapServers);
        await server.IsReadyAsync();

        broker.Kill();
        await Eventually.HoldsAsync(
            async () => await server.Http.GetStringAsync("/health") == "Degraded", "the server misses Kafka");
        await broker.StartAgainAsync();
        await Eventually.HoldsAsync(
            async () => await server.Http.GetStringAsync("/health") == "Healthy", "the server has Kafka again");
    }
}
