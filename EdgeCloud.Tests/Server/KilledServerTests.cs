using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeCloud.Tests.Server;

/// <summary>SIGKILL at any instant: what is counted and the positions are written together, or not at all.</summary>
public sealed class KilledServerTests
{
    private const int Devices = 12;

    private long _published;

    [Theory]
    [InlineData(3)]
    public Task A_server_killed_in_the_middle_of_its_work_and_its_successors_count_every_event_once(int kills) =>
        KillAsync(kills);

    /// <summary>A killed server's partitions are another's after its session, six seconds each.</summary>
    [NightlyFact]
    public Task A_server_killed_fifty_times_has_counted_every_event_once() => KillAsync(50);

    private async Task KillAsync(int kills)
    {
        await using var scene = new ServerScene();
        var random = new Random(1);
        for (var killed = 0; killed < kills; killed++)
        {
            using var server = ServerProcess.StartOn(scene.History, scene.BootstrapServers);
            await server.IsReadyAsync();
            var enough = await server.EventsAsync() + random.Next(1, 200);
            while (await server.EventsAsync() < enough)
                await PublishAsync(scene);
            server.Kill();
            await PublishAsync(scene);
        }

        using var last = ServerProcess.StartOn(scene.History, scene.BootstrapServers);
        await last.AnswersAsync();
        await PublishAsync(scene);
        await last.Http.SeesAsync("events", _published);
        await last.Http.SeesAsync("duplicates", _published);
        await last.Http.SeesAsync("dead_letters", _published / Devices);
        await last.Http.SeesAsync("persons", _published);
        var history = await last.Http.GetFromJsonAsync<JsonElement>("/history?from=-2h&bucket=1m");
        Assert.Equal(
            _published,
            history.GetProperty("buckets").EnumerateArray().Sum(bucket => bucket.GetProperty("faces").GetInt64()));
    }

    /// <summary>Every event twice, as an edge does that was killed before it knew; and poison between.</summary>
    private async Task PublishAsync(ServerScene scene)
    {
        var events = Enumerable.Range(0, Devices)
            .Select(i => Events.Of($"edge-{i}", DateTimeOffset.UtcNow)).ToArray();
        await Task.WhenAll([.. events.Select(scene.PublishAsync),
            .. events.Select(scene.PublishAsync), scene.PublishAsync("not an event"u8.ToArray())]);
        _published += Devices;
    }
}
