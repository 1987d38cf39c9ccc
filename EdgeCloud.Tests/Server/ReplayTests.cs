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
}
