using EdgeCloud.Contract;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Store;

namespace EdgeCloud.Tests.Server;

public sealed class DeviceRegistryTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private StoreScene? _scene;

    public void Dispose() => _scene?.Dispose();

    [Fact]
    public void An_event_seen_twice_counts_once()
    {
        var scene = Scene();
        var one = Events.Of("edge-1", Noon);

        Assert.True(Add(scene, one));
        Assert.False(Add(scene, one));

        Assert.Equal(
            new RegistryTotals(Events: 1, Duplicates: 1, DeadLetters: 0, Persons: 1, Devices: 1),
            scene.Registry.Totals());
        Assert.Single(scene.Registry.Recent(null, 10));
    }

    [Fact]
    public void Events_without_an_id_are_all_counted()
    {
        var scene = Scene();
        Add(scene, Events.Of("edge-1", Noon) with { EventId = null });
        Add(scene, Events.Of("edge-1", Noon) with { EventId = null });
        Assert.Equal(2, scene.Registry.Totals().Events);
    }

    [Fact]
    public void The_newest_events_come_first_of_one_device_or_of_all_up_to_the_limit()
    {
        var scene = Scene();
        foreach (var (device, second) in new[] { ("a", 1), ("b", 2), ("a", 3), ("b", 0) })
            Add(scene, Events.Of(device, Noon.AddSeconds(second)));

        Assert.Equal([3, 2, 1, 0], Seconds(scene.Registry.Recent(null, 10)));
        Assert.Equal([3, 2], Seconds(scene.Registry.Recent(null, 2)));
        Assert.Equal([2, 0], Seconds(scene.Registry.Recent("b", 10)));
        Assert.Empty(scene.Registry.Recent("unknown", 10));
    }

    [Theory]
    [InlineData(0, "Online")]
    [InlineData(10, "Online")]
    [InlineData(10.001, "Stale")]
    [InlineData(60, "Stale")]
    [InlineData(60.001, "Offline")]
    public void A_device_is_online_then_stale_then_offline(double silentSeconds, string expected)
    {
        var scene = Scene();
        Add(scene, Events.Of("edge-1", Noon));
        _time.SetUtcNow(Noon.AddSeconds(silentSeconds));
        Assert.Equal(expected, scene.Registry.Summaries().Single().Status.ToString());
    }

    [Fact]
    public void A_late_event_counts_but_does_not_become_the_newest()
    {
        var scene = Scene();
        Add(scene, Events.Of("edge-1", Noon, persons: 2));
        Add(scene, Events.Of("edge-1", Noon.AddMinutes(-5), persons: 1));

        var summary = scene.Registry.Summaries().Single();
        Assert.Equal((2, 2L, 3L), (summary.PersonsDetected, summary.Events, summary.Persons));
        Assert.Equal((Noon.AddMinutes(-5), Noon), (summary.FirstSeen, summary.LastSeen));
    }

    [Fact]
    public void A_device_keeps_only_so_many_events_and_its_totals_go_on()
    {
        var scene = Scene(options => options.EventsPerDevice = 2);
        for (var i = 0; i < 5; i++)
            Add(scene, Events.Of("edge-1", Noon.AddSeconds(i)));

        Assert.Equal([4, 3], Seconds(scene.Registry.Recent("edge-1", 10)));
        Assert.Equal(5, scene.Registry.Summaries().Single().Events);
    }

    [Fact]
    public void Beyond_the_limit_of_devices_the_one_heard_of_longest_ago_is_forgotten()
    {
        var scene = Scene(options => options.MaxDevices = 2);
        Add(scene, Events.Of("old", Noon));
        Add(scene, Events.Of("new", Noon.AddSeconds(1)));
        Add(scene, Events.Of("newest", Noon.AddSeconds(2)));

        Assert.Equal(["new", "newest"], scene.Registry.Summaries().Select(summary => summary.DeviceId));
    }

    [Fact]
    public void The_window_of_known_ids_is_bounded()
    {
        var window = new DeduplicationWindow(capacity: 2);
        Guid first = Guid.CreateVersion7(), second = Guid.CreateVersion7(), third = Guid.CreateVersion7();

        Assert.True(window.TryAdd(first));
        Assert.True(window.TryAdd(second));
        Assert.False(window.TryAdd(first));
        Assert.True(window.TryAdd(third));
        Assert.False(window.TryAdd(second));
        Assert.True(window.TryAdd(first));
    }

    private StoreScene Scene(Action<DeviceOptions>? configure = null) => _scene = new StoreScene(_time, configure);

    /// <summary>The time goes on to that of the event, which is read as it comes.</summary>
    private bool Add(StoreScene scene, DetectionEvent detectionEvent)
    {
        _time.SetUtcNow(detectionEvent.Timestamp > _time.GetUtcNow() ? detectionEvent.Timestamp : _time.GetUtcNow());
        return scene.Add(
            0, Events.Summary(detectionEvent), DetectionEventJson.Write(detectionEvent), _time.GetUtcNow());
    }

    private static IEnumerable<int> Seconds(IEnumerable<byte[]> events) =>
        events.Select(json => (int)(Events.TimeOf(json) - Noon).TotalSeconds);
}
