using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using EdgeCloud.Contract;
using EdgeCloud.Server.Api;
using EdgeCloud.Server.Live;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>GET /live, which the live page follows.</summary>
public sealed class LiveStreamTests : IDisposable
{
    private readonly Measurements _measured = new();
    private readonly LiveFeed _feed;

    public LiveStreamTests() => _feed = new LiveFeed(
        new RecentEvents(_measured.Meters, TimeProvider.System), _measured.Meters, TimeProvider.System);

    public void Dispose()
    {
        _feed.Dispose();
        _measured.Dispose();
    }

    [Fact]
    public async Task The_totals_and_devices_come_at_once_and_then_new_events_without_their_poses()
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        var landmark = new Landmark(0.1, 0.2, 0.3, 0.4);
        var pose = new PersonPose { Conf = 0.9, ConfirmedByFace = true, Landmarks = [landmark] };
        var sent = Events.Of("edge-1", DateTimeOffset.UtcNow) with { Poses = [pose], OutboxEvents = 7 };
        await scene.PublishAsync(sent);
        await server.SeesAsync("events", 1);

        using var stream = await server.GetStreamAsync("/live");
        await using var items = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        var status = await NextAsync(items, "status");
        Assert.Equal(1, status.GetProperty("stats").GetProperty("events").GetInt64());
        var device = Assert.Single(status.GetProperty("devices").EnumerateArray());
        Assert.Equal("edge-1", device.GetProperty("device_id").GetString());
        Assert.Equal(7, device.GetProperty("outbox_events").GetInt32());

        await scene.PublishAsync(sent with { EventId = Guid.CreateVersion7() });
        var batch = await NextAsync(items, "events");
        Assert.Equal(0, batch.GetProperty("missed").GetInt32());
        var detection = Assert.Single(batch.GetProperty("events").EnumerateArray());
        Assert.Equal("edge-1", detection.GetProperty("device_id").GetString());
        Assert.Equal(0.1, detection.GetProperty("faces")[0].GetProperty("xmin").GetDouble());
        Assert.True(detection.GetProperty("visible_at").GetDateTimeOffset() >= sent.Timestamp);
        Assert.False(detection.TryGetProperty("poses", out _));
    }

    [Theory]
    [InlineData("""{"device_id":"a","poses":[]}""", """{"device_id":"a","visible_at":""")]
    [InlineData(
        """{"poses":[{"x":"}"}],"faces":[{"xmin":1.50}],"a\ud800":"\ud800"}""",
        """{"faces":[{"xmin":1.50}],"a\ud800":"\ud800","visible_at":""")]
    [InlineData("{\n \"mood\" :\n{ \"poses\": 1 } }", "{\"mood\" :\n{ \"poses\": 1 },\"visible_at\":")]
    public void An_event_is_handed_on_byte_for_byte_but_for_its_poses(string json, string expected)
    {
        var live = new LiveEvent(null, Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch);
        var written = Encoding.UTF8.GetString(new LiveBatch([live], Missed: 3).Write());
        Assert.Equal($"{{\"missed\":3,\"events\":[{expected}\"1970-01-01T00:00:00.0000000Z\"}}]}}", written);
    }

    [Fact]
    public async Task A_browser_that_does_not_keep_up_loses_the_oldest_and_is_told_how_many()
    {
        var stream = new LiveStream(_feed, TimeProvider.System, Options.Create(new JsonOptions()));
        await using var items = stream.Watch(() => null!, CancellationToken.None).GetAsyncEnumerator();
        await items.MoveNextAsync();
        for (var i = 0; i < 10_000; i++)
        {
            var summary = new EventSummary("edge-1", DateTimeOffset.UtcNow, 0, null, null);
            _feed.Publish(summary, Encoding.UTF8.GetBytes($$"""{"number":{{i}}}"""));
        }

        await items.MoveNextAsync();
        var batch = JsonDocument.Parse(items.Current.Data).RootElement;
        Assert.Equal("events", items.Current.EventType);
        Assert.Equal(9500, batch.GetProperty("missed").GetInt32());
        var numbers = batch.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("number").GetInt32());
        Assert.Equal(Enumerable.Range(9500, 500), numbers);
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/live")]
    public async Task A_server_that_is_told_to_stop_ends_the_streams_instead_of_waiting_for_those_who_listen(
        string path)
    {
        await using var scene = new ServerScene();
        using var stream = await scene.LaunchServer().GetStreamAsync(path);
        var read = new StreamReader(stream).ReadToEndAsync();

        await scene.StopServerAsync();

        Assert.Contains("event: ", await read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_closed_is_forgotten()
    {
        var stream = new LiveStream(_feed, TimeProvider.System, Options.Create(new JsonOptions()));
        await using (var items = stream.Watch(() => null!, CancellationToken.None).GetAsyncEnumerator())
        {
            await items.MoveNextAsync();
            Assert.Equal(1, _feed.Listeners);
        }

        Assert.Equal(0, _feed.Listeners);
    }

    [Fact]
    public void What_waits_for_a_page_is_bounded_in_bytes_too()
    {
        var backlog = new LiveBacklog(maxEvents: 100, maxBytes: 1000);
        for (var i = 0; i < 10; i++)
            backlog.Add(new LiveEvent(null, new byte[300], DateTimeOffset.UnixEpoch));

        var (events, missed) = backlog.Take();
        Assert.Equal((3, 7), (events.Length, missed));
        Assert.Equal((0, 0), (backlog.Take().Events.Length, backlog.Take().Missed));
    }

    private static async Task<JsonElement> NextAsync(IAsyncEnumerator<SseItem<string>> items, string type)
    {
        do
            Assert.True(await items.MoveNextAsync());
        while (items.Current.EventType != type);
        return JsonDocument.Parse(items.Current.Data).RootElement;
    }
}
