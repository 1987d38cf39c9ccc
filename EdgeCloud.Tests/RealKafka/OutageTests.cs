using System.Diagnostics;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>
/// A broker that was away is in use again soon after it answers, by edge and server, however long it was away: longer
/// than a session, after which the group regards its member as gone.
/// </summary>
public sealed class OutageTests(KafkaScene scene) : IClassFixture<KafkaScene>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    [KafkaFact]
    public async Task After_an_outage_events_are_visible_within_3_s_of_its_first_answer()
    {
        await using var traffic = scene.TrafficOf("outage");
        traffic.Start();
        await traffic.AreAcceptedAsync(5);
        scene.Broker.Kill();
        await Eventually.HoldsAsync(
            () => scene.Server.Output.Any(line => line.Contains("session timed out", StringComparison.Ordinal)),
            "the server is no longer a member of its group");
        await scene.Broker.StartAgainAsync();

        var (answered, before) = (Stopwatch.GetTimestamp(), await scene.Server.EventsAsync());
        await Eventually.HoldsAsync(async () => await scene.Server.EventsAsync() > before, "an event is visible");
        Assert.InRange(Stopwatch.GetElapsedTime(answered), TimeSpan.Zero, Longest);

        await scene.IsInBalanceAsync(traffic);
        await Eventually.HoldsAsync(Committed, "the group knows what was read without it");
    }

    private bool Committed()
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = scene.Broker.BootstrapServers,
            GroupId = DetectionTopic.ConsumerGroup,
        }).Build();
        var partitions = Enumerable.Range(0, 6).Select(partition => new TopicPartition(DetectionTopic.Name, partition));
        return consumer.Committed(partitions, TimeSpan.FromSeconds(30)).All(committed =>
        {
            var end = consumer.QueryWatermarkOffsets(committed.TopicPartition, TimeSpan.FromSeconds(30)).High;
            return end == 0 || committed.Offset == end;
        });
    }
}
