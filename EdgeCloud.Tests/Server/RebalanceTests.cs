using System.Text.Json;

namespace EdgeCloud.Tests.Server;

/// <summary>
/// Two servers of one group: each knows the partitions it has, together they know everything, and nothing twice.
/// </summary>
public sealed class RebalanceTests
{
    private const int Devices = 12;

    private long _published;

    [Fact]
    public async Task Servers_that_come_and_go_lose_nothing_and_count_nothing_twice()
    {
        await using var scene = new ServerScene();
        await PublishAsync(scene);
        var first = await scene.StartServerAsync();
        await first.SeesAsync("events", _published);

        // A second one takes over some partitions while events keep coming.
        var starting = scene.StartServerAsync();
        while (!starting.IsCompleted)
            await PublishAsync(scene);
        var second = await starting;
        await SumIsAsync([first, second]);
        Assert.All(await Task.WhenAll(first.StatsAsync(), second.StatsAsync()), stats =>
            Assert.InRange(stats.GetProperty("devices").GetInt64(), 1, Devices - 1));
        Assert.Equal(Devices, (await DevicesAsync(first)).Concat(await DevicesAsync(second)).Distinct().Count());

        // And gives them back.
        await PublishAsync(scene);
        await scene.StopServerAsync();
        await PublishAsync(scene);
        await first.SeesAsync("events", _published);
        await first.SeesAsync("duplicates", 0);
        await first.SeesAsync("devices", Devices);
        Assert.Equal(Devices, (await DevicesAsync(first)).Length);
    }

    private async Task PublishAsync(ServerScene scene)
    {
        for (var i = 0; i < Devices; i++, _published++)
            await scene.PublishAsync(Events.Of($"edge-{i}", DateTimeOffset.UtcNow));
    }

    private Task SumIsAsync(HttpClient[] servers) => Eventually.HoldsAsync(
        async () =>
        {
            var stats = await Task.WhenAll(servers.Select(server => server.StatsAsync()));
            return stats.All(one => one.GetProperty("caught_up").GetBoolean())
                && stats.Sum(one => one.GetProperty("events").GetInt64()) == _published;
        },
        $"the servers together say {_published} events");

    private static async Task<string[]> DevicesAsync(HttpClient server)
    {
        using var devices = JsonDocument.Parse(await server.GetStringAsync("/devices"));
        return [.. devices.RootElement.EnumerateArray().Select(device => device.GetProperty("device_id").GetString()!)];
    }
}
