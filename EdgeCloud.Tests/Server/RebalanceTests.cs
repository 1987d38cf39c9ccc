using System.Text.Json;

namespace EdgeCloud.Tests.Server;

/// <summary>Two servers of one group, which share a store: each knows everything, and nothing twice.</summary>
public sealed class RebalanceTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const int Devices = 12;

    private long _published;

    [Fact]
    public async Task Servers_that_come_and_go_lose_nothing_count_nothing_twice_and_each_answers_for_all()
    {
        await using var scene = new ServerScene { History = await postgres.CreateDatabaseAsync() };
        await PublishAsync(scene);
        var first = await scene.StartServerAsync();
        await first.SeesAsync("events", _published);

        // A second one takes over some partitions while events keep coming.
        var starting = scene.StartServerAsync();
        while (!starting.IsCompleted)
            await PublishAsync(scene);
        var second = await starting;
        await SeesAllAsync(first);
        await SeesAllAsync(second);

        // And gives them back.
        await PublishAsync(scene);
        await scene.StopServerAsync();
        await PublishAsync(scene);
        await SeesAllAsync(first);
    }

    private async Task PublishAsync(ServerScene scene)
    {
        for (var i = 0; i < Devices; i++, _published++)
            await scene.PublishAsync(Events.Of($"edge-{i}", DateTimeOffset.UtcNow));
    }

    private async Task SeesAllAsync(HttpClient server)
    {
        await server.SeesAsync("events", _published);
        await server.SeesAsync("duplicates", 0);
        await server.SeesAsync("devices", Devices);
        using var devices = JsonDocument.Parse(await server.GetStringAsync("/devices"));
        Assert.All(devices.RootElement.EnumerateArray(), device =>
            Assert.Equal(_published / Devices, device.GetProperty("events").GetInt64()));
    }
}
