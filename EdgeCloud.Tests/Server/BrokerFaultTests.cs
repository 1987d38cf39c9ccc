using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Server;

/// <summary>A broker that errs, or goes away, while the server reads.</summary>
public sealed class BrokerFaultTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_broker_that_goes_away_in_mid_read_and_answers_with_errors_costs_nothing()
    {
        await using var scene = new ServerScene();
        for (var i = 0; i < 50; i++)
            await scene.PublishAsync(Events.Of($"edge-{i % 12}", Noon));
        var server = await scene.StartServerAsync();

        scene.Broker.GoAway();
        var meanwhile =
            Task.WhenAll(Enumerable.Range(0, 50).Select(i => scene.PublishAsync(Events.Of($"edge-{i % 12}", Noon))));
        Assert.Equal(50, (await server.StatsAsync()).GetProperty("events").GetInt64());
        Assert.True((await server.GetAsync("/health")).IsSuccessStatusCode);
        scene.Broker.ComeBack();
        scene.Broker.Fail(
            BrokerFaults.Fetch, ErrorCode.NotLeaderForPartition, ErrorCode.LeaderNotAvailable,
            ErrorCode.UnknownTopicOrPart, ErrorCode.RequestTimedOut, ErrorCode.Unknown);
        await meanwhile;

        await server.SeesAsync("events", 100);
        Assert.Equal(0, (await server.StatsAsync()).GetProperty("duplicates").GetInt64());
    }

    [Fact]
    public async Task A_partition_that_has_to_be_read_again_from_its_beginning_is_not_counted_again()
    {
        await using var scene = new ServerScene();
        await scene.PublishAsync("not an event"u8.ToArray());
        var server = await scene.StartServerAsync();
        for (var i = 0; i < 20; i++)
            await scene.PublishAsync(DetectionEventJson.Write(Events.Of("edge-1", Noon) with { EventId = null }));
        await server.SeesAsync("events", 20);

        scene.Broker.Fail(BrokerFaults.Fetch, [.. Enumerable.Repeat(ErrorCode.OffsetOutOfRange, 8)]);
        await scene.PublishAsync(DetectionEventJson.Write(Events.Of("edge-1", Noon) with { EventId = null }));

        await Eventually.HoldsAsync(() => scene.Log.With("is read again from 0").Any(), "the partition is read again");
        await server.SeesAsync("events", 21);
        await Eventually.HoldsAsync(
            async () => (await server.GetAsync("/health")).IsSuccessStatusCode, "the server has caught up again");
        Assert.Equal(1, (await server.StatsAsync()).GetProperty("dead_letters").GetInt64());
    }
}
