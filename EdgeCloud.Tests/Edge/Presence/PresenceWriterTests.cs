using System.Text;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Edge.Presence;

/// <summary>What Kafka hears of who came and went, whatever becomes of the edge.</summary>
public sealed class PresenceWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedBroker _broker = new(partitions: 2, DetectionTopic.Name, PresenceTopic.Name);

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_came_and_was_there_when_the_edge_stopped_is_told_as_a_CloudEvent()
    {
        await using (var edge = new EdgeApplication(_broker.BootstrapServers, Settings()))
        {
            using var client = edge.CreateClient();
            await edge.ReadyAsync();
            using var frame = await client.PostJpegAsync(Photo.Astronaut, "?device_id=door");
            Assert.Single(TopicReader.All(_broker.BootstrapServers, PresenceTopic.Name).Take(1));
        }

        var messages = TopicReader.All(_broker.BootstrapServers, PresenceTopic.Name).Take(2).ToArray();
        Assert.All(messages, message => Assert.Equal("door", Encoding.UTF8.GetString(message.Message.Key)));
        Assert.Equal(
            ["edgecloud.presence.started", "edgecloud.presence.ended"],
            messages.Select(message => Header(message.Message.Headers, "ce_type")));
        var told = messages.Select(message => Read(message.Message.Value)).ToArray();
        Assert.Equal(told.Select(presence => presence.EventId.ToString()),
            messages.Select(message => Header(message.Message.Headers, "ce_id")));
        Assert.Single(told.DistinctBy(presence => presence.PresenceId));
        Assert.Equal((null, PresenceEnd.Stopped), (told[0].Reason, told[1].Reason));
        Assert.InRange(told[1].HighestScore, 0.8, 1);
    }

    [Fact]
    public async Task Who_was_there_when_the_edge_was_killed_is_told_as_lost_once()
    {
        using (var killed = await StartAsync())
        {
            await PostAsync(killed.Edge.Client, "door");
            await PostAsync(killed.Edge.Client, "desk");
            Assert.Equal(2, TopicReader.All(_broker.BootstrapServers, PresenceTopic.Name).Take(2).Count());
        }

        // Killed again before it could tell anybody else: nothing is told twice.
        for (var i = 0; i < 2; i++)
        {
            using var next = await StartAsync();
            await PostAsync(next.Edge.Client, "other");
            await next.Edge.OutboxIsEmptyAsync();
        }

        using var last = await StartAsync();
        await last.Edge.OutboxIsEmptyAsync();
        var visits = TopicReader.All(_broker.BootstrapServers, PresenceTopic.Name, toEnd: true)
            .Select(message => Read(message.Message.Value))
            .DistinctBy(presence => presence.EventId).GroupBy(presence => presence.PresenceId).ToArray();

        Assert.Equal(["desk", "door", "other", "other"],
            visits.Select(visit => visit.First().DeviceId).Order(StringComparer.Ordinal));
        Assert.All(visits, visit => Assert.Equal(
            [(PresenceType.Started, (PresenceEnd?)null), (PresenceType.Ended, PresenceEnd.Lost)],
            visit.Select(presence => (presence.Type, presence.Reason))));
        Assert.All(visits, visit => Assert.Equal(visit.First().LastSeenAt, visit.Last().LastSeenAt));
    }

    [Fact]
    public async Task An_edge_that_is_not_to_tell_tells_nothing_and_still_counts_in_zones()
    {
        var settings = Settings();
        settings["Edge:Presence:Enabled"] = "false";
        await using (var edge = new EdgeApplication(_broker.BootstrapServers, settings))
        {
            using var client = edge.CreateClient();
            await edge.ReadyAsync();
            await client.PutAsync("/zones?device_id=door", new StringContent(
                $$"""
                  {"version":"{{EdgeCloud.Edge.Zones.ZoneMap.None.Version}}",
                   "zones":[{"name":"all","points":[[0,0],[1,0],[1,1],[0,1]]}]}
                  """,
                Encoding.UTF8, "application/json"));
            using var frame = await client.PostJpegAsync(Photo.Astronaut, "?device_id=door");
            Assert.Contains("\"persons\":1", await frame.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Single(TopicReader.ReadToEnd(_broker.BootstrapServers));
        Assert.Empty(TopicReader.All(_broker.BootstrapServers, PresenceTopic.Name, toEnd: true));
    }

    private static PresenceEvent Read(byte[] json)
    {
        Assert.True(PresenceEventJson.TryRead(json, out var presence, out var reason), reason);
        return presence;
    }

    private static string? Header(Confluent.Kafka.Headers headers, string name) =>
        Encoding.UTF8.GetString(headers.GetLastBytes(name));

    private static async Task PostAsync(HttpClient client, string device)
    {
        using var frame = await client.PostJpegAsync(Photo.Astronaut, $"?device_id={device}");
        Assert.True(frame.IsSuccessStatusCode);
        await Eventually.HoldsAsync(
            async () => (await client.GetStringAsync("/metrics")).Contains(
                "edgecloud_presence_visits_total{otel_scope_name=\"EdgeCloud.Edge\",outcome=\"started\"}",
                StringComparison.Ordinal),
            "the start is stored");
    }

    private static Dictionary<string, string?> Settings() => new() { ["Edge:Inference:Pose"] = "Off" };

    private async Task<Killed> StartAsync() =>
        new(await EdgeProcess.StartAsync(_broker.BootstrapServers, _folder.File("outbox.db")));

    /// <summary>An edge that is killed at the end.</summary>
    private sealed class Killed(EdgeProcess edge) : IDisposable
    {
        public EdgeProcess Edge => edge;

        public void Dispose() => edge.DisposeAsync().AsTask().Wait();
    }
}
