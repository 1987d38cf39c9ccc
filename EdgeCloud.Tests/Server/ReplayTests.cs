using System.Net;
using System.Text.Json;
using Confluent.Kafka;

namespace EdgeCloud.Tests.Server;

public sealed class ReplayTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_server_that_starts_knows_every_retained_event_and_so_does_its_successor()
    {
        await using var scene = new ServerScene();
        for (var i = 0; i < 20; i++)
            await scene.PublishAsync(Events.Of($"edge-{i % 3}", Noon.AddSeconds(i)));

        var first = await scene.StartServerAsync();
        var before = await first.IdsAsync();
        Assert.Equal(20, before.Length);
        Assert.Equal(3, (await first.StatsAsync()).GetProperty("devices").GetInt64());
        await scene.StopServerAsync();

        var second = await scene.StartServerAsync();
        Assert.Equal(before, await second.IdsAsync());
    }

    [Fact]
    public async Task An_event_that_Kafka_holds_twice_counts_once()
    {
        await using var scene = new ServerScene();
        var one = Events.Of("edge-1", Noon);
        await scene.PublishAsync(one);
        await scene.PublishAsync(one);

        var server = await scene.StartServerAsync();

        Assert.Equal(one.EventId.ToString(), Assert.Single(await server.IdsAsync()));
        var stats = await server.StatsAsync();
        Assert.Equal((1, 1), (stats.GetProperty("events").GetInt64(), stats.GetProperty("duplicates").GetInt64()));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_yet_is_waited_for()
    {
        await using var scene = new ServerScene();
        await scene.PublishAsync(Events.Of("edge-1", Noon));
        scene.Broker.GoAway();
        var starting = scene.StartServerAsync();
        Assert.False(starting.IsCompleted);

        scene.Broker.ComeBack();

        await (await starting).SeesAsync("events", 1);
    }

    [Fact]
    public async Task What_is_read_again_is_not_sent_to_listeners_again()
    {
        await using var scene = new ServerScene();
        var first = await scene.StartServerAsync();
        for (var i = 0; i < 10; i++)
            await scene.PublishAsync(Events.Of("edge-1", Noon.AddSeconds(i)));
        await first.SeesAsync("events", 10);
        await scene.StopServerAsync();

        // Listening before the first message is read, which is a group's joining later.
        var second = scene.LaunchServer();
        using var stream = new StreamReader(await second.GetStreamAsync("/events"));
        await second.SeesAsync("events", 10);
        var fresh = Events.Of("edge-1", Noon.AddMinutes(1));
        await scene.PublishAsync(fresh);

        List<string> lines = [];
        while (lines.LastOrDefault() != $"id: {fresh.EventId}")
            lines.Add(await stream.ReadLineAsync() ?? throw new EndOfStreamException());
        Assert.Single(lines, line => line.StartsWith("id:", StringComparison.Ordinal));
        await second.SeesAsync("events", 11);
    }

    [Fact]
    public async Task A_server_is_ready_only_when_it_has_caught_up_and_says_how_far_it_is()
    {
        await using var scene = new ServerScene();
        await scene.PublishAsync("not an event"u8.ToArray());
        await scene.PublishAsync(Events.Of("edge-1", Noon));
        scene.Broker.Fail(BrokerFaults.Produce, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 1000)]);

        // Held up by the dead letter that cannot be set aside.
        var server = scene.LaunchServer();
        await Eventually.HoldsAsync(() => scene.Log.With("trying again").Any(), "the server is held up");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("/health")).StatusCode);
        var stats = await server.StatsAsync();
        Assert.False(stats.GetProperty("caught_up").GetBoolean());
        Assert.Equal((0, 2), (stats.GetProperty("replay").GetProperty("position").GetInt64(),
            stats.GetProperty("replay").GetProperty("total").GetInt64()));

        scene.Broker.Recover(BrokerFaults.Produce);
        await Eventually.HoldsAsync(
            async () => (await server.GetAsync("/health")).IsSuccessStatusCode, "the server has caught up");
        Assert.Equal(JsonValueKind.Null, (await server.StatsAsync()).GetProperty("replay").ValueKind);
    }
}
