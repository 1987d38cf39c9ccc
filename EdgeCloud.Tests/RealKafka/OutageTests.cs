using System.Diagnostics;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>
/// A broker that was away is in use again soon after it answers, by edge and server, however long it was away: longer
/// than a session, after which the group regards its member as gone.
/// </summary>
public sealed class OutageTests(KafkaScene scene) : IClassFixture<KafkaScene>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    public enum Outage
    {
        Killed,
        Stopped,
        Frozen,
    }

    [KafkaTheory(nightly: true)]
    [InlineData(Outage.Killed)]
    [InlineData(Outage.Stopped)]
    [InlineData(Outage.Frozen)]
    public async Task After_an_outage_events_are_visible_within_3_s_of_its_first_answer(Outage outage)
    {
        await using var traffic = scene.TrafficOf($"{outage}");
        traffic.Start();
        await traffic.AreAcceptedAsync(5);
        var left = TimesLeft();
        await BeginAsync(outage);
        await Eventually.HoldsAsync(() => TimesLeft() > left, "the server is no longer a member of its group");
        await EndAsync(outage);

        var (answered, before) = (Stopwatch.GetTimestamp(), await scene.Server.EventsAsync());
        await Eventually.HoldsAsync(async () => await scene.Server.EventsAsync() > before, "an event is visible");
        Assert.InRange(Stopwatch.GetElapsedTime(answered), TimeSpan.Zero, Longest);

        await scene.IsInBalanceAsync(traffic);
    }

    [KafkaFact]
    public async Task An_edge_that_is_killed_during_an_outage_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        var edge = await EdgeProcess.StartAsync(scene.Broker.BootstrapServers, folder.File("outbox.db"));
        await using var traffic = new Traffic("edge-killed", () => Task.FromResult(edge.Client));
        traffic.Start();
        await traffic.AreAcceptedAsync(5);
        scene.Broker.Kill();
        await traffic.AreAcceptedAsync(20);
        await traffic.StopAsync();
        await edge.DisposeAsync();

        await scene.Broker.StartAgainAsync();
        await using var next = await EdgeProcess.StartAsync(scene.Broker.BootstrapServers, folder.File("outbox.db"));
        await next.OutboxIsEmptyAsync();

        var delivered = TopicReader.ReadToEnd(scene.Broker.BootstrapServers).Select(message => message.EventId);
        Assert.Empty(traffic.Accepted.Values.SelectMany(accepted => accepted).Except(delivered));
    }

    [KafkaFact]
    public async Task A_server_without_Kafka_is_degraded_and_healthy_again_when_it_is_back()
    {
        scene.Broker.Kill();
        await Eventually.HoldsAsync(
            async () => await scene.Server.Http.GetStringAsync("/health") == "Degraded", "the server misses Kafka");
        await scene.Broker.StartAgainAsync();
        await Eventually.HoldsAsync(
            async () => await scene.Server.Http.GetStringAsync("/health") == "Healthy", "the server has Kafka again");
    }

    private async Task BeginAsync(Outage outage)
    {
        if (outage == Outage.Killed)
            scene.Broker.Kill();
        else if (outage == Outage.Stopped)
            await scene.Broker.StopAsync();
        else
            await scene.Broker.FreezeAsync();
    }

    private async Task EndAsync(Outage outage)
    {
        if (outage == Outage.Frozen)
            await scene.Broker.ThawAsync();
        else
            await scene.Broker.StartAgainAsync();
    }

    private int TimesLeft() =>
        scene.Server.Output.Count(line => line.Contains("session timed out", StringComparison.Ordinal));
}
