using EdgeCloud.Contract;
using EdgeCloud.Server.Devices;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

public sealed class DeviceRegistryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);

    [Fact]
    public void An_event_seen_twice_counts_once()
    {
        var registry = Registry();
        var one = Events.Of("edge-1", Noon);

        Assert.True(Add(registry, one));
        Assert.False(Add(registry, one));

        Assert.Equal(
            new RegistryTotals(Events: 1, Duplicates: 1, DeadLetters: 0, Persons: 1, Devices: 1), registry.Totals());
        Assert.Single(registry.Recent(null, 10));
    }

    [Fact]
    public void Events_without_an_id_are_all_counted()
    {
        var registry = Registry();
        Add(registry, Events.Of("edge-1", Noon) with { EventId = null });
        Add(registry, Events.Of("edge-1", Noon) with { EventId = null });
        Assert.Equal(2, registry.Totals().Events);
    }

    [Fact]
    public void The_newest_events_come_first_of_one_device_or_of_all_up_to_the_limit()
    {
        var registry = Registry();
        foreach (var (device, second) in new[] { ("a", 1), ("b", 2), ("a", 3), ("b", 0) })
            Add(registry, Events.Of(device, Noon.AddSeconds(second)));

        Assert.Equal([3, 2, 1, 0], Seconds(registry.Recent(null, 10)));
        Assert.Equal([3, 2], Seconds(registry.Recent(null, 2)));
        Assert.Equal([2, 0], Seconds(registry.Recent("b", 10)));
        Assert.Empty(registry.Recent("unknown", 10));
    }

    [Theory]
    [InlineData(0, "Online")]
    [InlineData(10, "Online")]
    [InlineData(10.001, "Stale")]
    [InlineData(60, "Stale")]
    [InlineData(60.001, "Offline")]
    public void A_device_is_online_then_stale_then_offline(double silentSeconds, string expected)
    {
        var registry = Registry();
        Add(registry, Events.Of("edge-1", Noon));
        _time.SetUtcNow(Noon.AddSeconds(silentSeconds));
        Assert.Equal(expected, registry.Summaries().Single().Status.ToString());
    }

    [Fact]
    public void A_late_event_counts_but_does_not_become_the_newest()
    {
        var registry = Registry();
        Add(registry, Events.Of("edge-1", Noon, persons: 2));
        Add(registry, Events.Of("edge-1", Noon.AddMinutes(-5), persons: 1));

        var summary = registry.Summaries().Single();
        Assert.Equal((2, 2L, 3L), (summary.PersonsDetected, summary.Events, summary.Persons));
        Assert.Equal((Noon.AddMinutes(-5), Noon), (summary.FirstSeen, summary.LastSeen));
    }

    [Fact]
    public void A_device_keeps_only_so_many_events_and_its_totals_go_on()
    {
        var registry = Registry(options => options.EventsPerDevice = 2);
        for (var i = 0; i < 5; i++)
            Add(registry, Events.Of("edge-1", Noon.AddSeconds(i)));

        Assert.Equal([4, 3], Seconds(registry.Recent("edge-1", 10)));
        Assert.Equal(5, registry.Summaries().Single().Events);
    }

    [Fact]
    public void Beyond_the_limit_of_devices_the_one_heard_of_longest_ago_is_forgotten()
    {
        var registry = Registry(options => options.MaxDevices = 2);
        Add(registry, Events.Of("old", Noon));
        Add(registry, Events.Of("new", Noon.AddSeconds(1)));
        Add(registry, Events.Of("newest", Noon.AddSeconds(2)));

        Assert.Equal(["new", "newest"], registry.Summaries().Select(summary => summary.DeviceId));
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

    private DeviceRegistry Registry(Action<DeviceOptions>? configure = null)
    {
        var options = new DeviceOptions();
        configure?.Invoke(options);
        return new DeviceRegistry(Options.Create(options), _time);
    }

    /// <summary>The time goes on to that of the event, which is read as it comes.</summary>
    private bool Add(DeviceRegistry registry, DetectionEvent detectionEvent)
    {
        _time.SetUtcNow(detectionEvent.Timestamp > _time.GetUtcNow() ? detectionEvent.Timestamp : _time.GetUtcNow());
        return registry.Add(
            0, Events.Summary(detectionEvent), DetectionEventJson.Write(detectionEvent), _time.GetUtcNow());
    }

    private static IEnumerable<int> Seconds(IEnumerable<StoredEvent> events) =>
        events.Select(stored => (int)(stored.Time - Noon).TotalSeconds);
}
