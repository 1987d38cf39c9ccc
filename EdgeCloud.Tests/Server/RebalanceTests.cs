using System.Globalization;
using System.Net.Http.Json;
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
        await EachStreamsAllAsync(scene, first, second);
        await SeesAllAsync(first);
        await SeesAllAsync(second);
        Assert.Equal(await first.IdsAsync("?limit=1000"), await second.IdsAsync("?limit=1000"));

        // And gives them back.
        await PublishAsync(scene);
        await scene.StopServerAsync();
        await PublishAsync(scene);
        await SeesAllAsync(first);
    }

    [Fact]
    public async Task Of_three_servers_each_answers_the_same_and_one_that_is_killed_is_not_missed()
    {
        await using var scene = new ServerScene { History = await postgres.CreateDatabaseAsync() };
        await PublishAsync(scene);
        var servers = Enumerable.Range(0, 3)
            .Select(_ => ServerProcess.StartOn(scene.History, scene.BootstrapServers)).ToArray();
        try
        {
            foreach (var server in servers)
                await server.IsReadyAsync();
            await PublishAsync(scene);
            await EachStreamsAllAsync(scene, [.. servers.Select(server => server.Http)]);
            await EachAnswersTheSameAsync(servers);

            // Until it is given up, what it has not counted waits, and each of the others knows how much that is.
            await servers[0].FreezeAsync();
            await PublishAsync(scene);
            await Eventually.HoldsAsync(
                async () => await LagAsync(servers[1]) is > 0 and var lag && await LagAsync(servers[2]) == lag,
                "both say how much the frozen one has to read");
            servers[0].Kill();
            await EachStreamsAllAsync(scene, servers[1].Http, servers[2].Http);
            await EachAnswersTheSameAsync(servers[1..]);
        }
        finally
        {
            foreach (var server in servers)
                server.Dispose();
        }
    }

    private static async Task<long> LagAsync(ServerProcess server) =>
        (await server.Http.StatsAsync()).GetProperty("lag").GetProperty("messages").GetInt64();

    private async Task EachAnswersTheSameAsync(params ServerProcess[] servers)
    {
        foreach (var server in servers)
            await SeesAllAsync(server.Http);
        var minute = DateTimeOffset.UtcNow.AddMinutes(1).ToString("yyyy-MM-ddTHH:mm:00Z", CultureInfo.InvariantCulture);
        string[] questions =
        [
            "/data?limit=1000", "/data?device_id=edge-1", $"/history?from=-1h&to={minute}&bucket=1m",
            $"/history?from=-1h&to={minute}&bucket=5m&by=device&format=csv",
        ];
        foreach (var question in questions)
        {
            var answers = await Task.WhenAll(servers.Select(server => server.Http.GetStringAsync(question)));
            Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        }

        // Whether a device is online depends on the moment of the question.
        var devices = await Task.WhenAll(
            servers.Select(server => server.Http.GetFromJsonAsync<JsonElement[]>("/devices")));
        Assert.All(devices, each => Assert.Equal(
            devices[0]!.Select(device => device.GetProperty("last_seen").GetDateTimeOffset()),
            each!.Select(device => device.GetProperty("last_seen").GetDateTimeOffset())));
    }

    private async Task PublishAsync(ServerScene scene)
    {
        for (var i = 0; i < Devices; i++, _published++)
            await scene.PublishAsync(Events.Of($"edge-{i}", DateTimeOffset.UtcNow));
    }

    private async Task EachStreamsAllAsync(ServerScene scene, params HttpClient[] servers)
    {
        var streams = await Task.WhenAll(servers.Select(server => server.GetStreamAsync("/events")));
        var events = Enumerable.Range(0, 3 * Devices)
            .Select(i => Events.Of($"edge-{i % Devices}", DateTimeOffset.UtcNow)).ToArray();
        await Task.WhenAll(events.Select(scene.PublishAsync));
        _published += events.Length;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        foreach (var stream in streams)
        {
            using var reader = new StreamReader(stream);
            var missing = events.Select(one => one.EventId.ToString()!).ToHashSet();
            HashSet<string> seen = [];
            while (missing.Count > 0)
            {
                var line = await reader.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException();
                if (!line.StartsWith("id: ", StringComparison.Ordinal))
                    continue;
                Assert.True(seen.Add(line[4..]), $"{line} came twice.");
                missing.Remove(line[4..]);
            }
        }
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
