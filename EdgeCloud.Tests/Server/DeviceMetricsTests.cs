using EdgeCloud.Server.Store;
using Microsoft.Data.Sqlite;

namespace EdgeCloud.Tests.Server;

public sealed class DeviceMetricsTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly Measurements _measured = new();
    private readonly StoreScene _scene;

    public DeviceMetricsTests()
    {
        _scene = new StoreScene(_time, options => options.MaxDevices = 100_000);
        _ = new DeviceMetrics(_measured.Meters, _scene.Store, _scene.Registry, _time);
    }

    public void Dispose()
    {
        _scene.Dispose();
        _measured.Dispose();
    }

    [Fact]
    public void Devices_are_counted_by_state_and_the_time_since_each_was_seen_is_told()
    {
        See("offline", Noon.AddSeconds(-61));
        See("stale", Noon.AddSeconds(-11));
        See("online-1", Noon.AddSeconds(-1));
        See("online-2", Noon);

        _scene.Write();
        _measured.Observe();

        Assert.Equal([("online", 2), ("stale", 1), ("offline", 1)], Values("edgecloud.devices"));
        Assert.Equal([("online-2", 0), ("online-1", 1), ("stale", 11), ("offline", 61)], Values(
            "edgecloud.device.last_seen.age"));
    }

    [Fact]
    public void A_hundred_thousand_device_ids_do_not_grow_the_set_of_labels()
    {
        for (var i = 0; i < 100_000; i++)
            See($"device-{i}", Noon.AddMilliseconds(i - 100_000));

        _scene.Write();
        _measured.Observe();

        Assert.Equal([("online", 10_000), ("stale", 50_000), ("offline", 40_000)], Values("edgecloud.devices"));
        Assert.Equal(
            Enumerable.Range(99_900, 100).Reverse().Select(i => $"device-{i}"),
            Values("edgecloud.device.last_seen.age").Select(age => age.Label));
    }

    [Fact]
    public void A_scrape_does_not_ask_a_store_that_is_away()
    {
        See("online", Noon);
        var store = _scene.Store;
        _scene.Execute("ALTER TABLE counts RENAME TO elsewhere");
        Assert.Throws<SqliteException>(() => store.Prune(EventBatch.Minute, Noon, 1));

        _measured.Observe();
        Assert.Empty(Values("edgecloud.device.last_seen.age"));

        store.Positions("edge-data");
        _measured.Observe();
        Assert.Equal([("online", 0)], Values("edgecloud.device.last_seen.age"));
    }

    private void See(string device, DateTimeOffset time) =>
        _scene.Add(0, new(device, time, 1, Guid.NewGuid(), null), [], time);

    private IEnumerable<(string Label, double Value)> Values(string instrument) =>
        _measured.Of(instrument).Select(measured => ((string)Assert.Single(measured.Labels).Value!, measured.Value));
}
