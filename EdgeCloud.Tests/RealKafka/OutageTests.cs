using System.Diagnostics;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>A broker that was away is in use again at once, whatever had been waited for it.</summary>
public sealed class OutageTests(KafkaScene scene) : IClassFixture<KafkaScene>
{
    [KafkaTheory]
    [InlineData(5)]
    [InlineData(20)]
    public async Task After_an_outage_of_some_seconds(int seconds)
    {
        await using var traffic = scene.TrafficOf("outage");
        traffic.Start();
        await traffic.AreAcceptedAsync(5);
        scene.Broker.Kill();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var w0 = Stopwatch.GetTimestamp();
        await scene.Broker.StartAgainAsync();
        var back = Stopwatch.GetTimestamp();
        var before = await scene.Server.EventsAsync();
        await Eventually.HoldsAsync(async () => await scene.Server.EventsAsync() > before, "an event is visible");
        File.AppendAllText("/tmp/outage.txt", $"{seconds}: start {Stopwatch.GetElapsedTime(w0, back)} visible {Stopwatch.GetElapsedTime(back)}\n");
        await scene.IsInBalanceAsync(traffic);
    }
}
