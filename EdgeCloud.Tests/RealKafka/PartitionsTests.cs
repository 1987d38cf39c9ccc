using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

public sealed class PartitionsTests(KafkaScene scene) : IClassFixture<KafkaScene>
{
    private const int Frames = 20;

    [KafkaFact]
    public async Task Partitions_that_are_added_are_written_to_and_read()
    {
        await using var traffic = scene.TrafficOf("partitions");
        traffic.Start();
        await traffic.AreAcceptedAsync(Frames);

        await scene.Broker.AddPartitionsAsync(DetectionTopic.Name, total: 9);
        await Eventually.HoldsAsync(
            () => TopicReader.ReadToEnd(scene.Broker.BootstrapServers).Any(message => message.Partition >= 6),
            "a new partition has events");

        await traffic.StopAsync();
        await scene.Edge.OutboxIsEmptyAsync();
        var delivered = TopicReader.ReadToEnd(scene.Broker.BootstrapServers)
            .Select(message => message.EventId).ToArray();
        Assert.Equal(traffic.Accepted.Values.SelectMany(accepted => accepted).Order(), delivered.Order());
        await scene.Server.Http.SeesAsync("events", delivered.Length);
    }
}
