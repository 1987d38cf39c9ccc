using EdgeCloud.Contract;
using EdgeCloud.Server.Devices;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>The state of several partitions, shown as one.</summary>
public sealed class ShardTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly DeviceRegistry _registry = new(
        Options.Create(new DeviceOptions { MaxDevices = 3 }), new FakeTimeProvider(Noon));

    [Fact]
    public void A_device_in_two_partitions_is_one_device()
    {
        Add(0, Events.Of("edge-1", Noon.AddSeconds(-3), persons: 1));
        Add(5, Events.Of("edge-1", Noon.AddSeconds(-1), persons: 2));
        Add(5, Events.Of("edge-1", Noon.AddSeconds(-2), persons: 3));

        var device = Assert.Single(_registry.Summaries());
        Assert.Equal((3L, 6L, 2), (device.Events, device.Persons, device.PersonsDetected));
        Assert.Equal((Noon.AddSeconds(-3), Noon.AddSeconds(-1)), (device.FirstSeen, device.LastSeen));
        Assert.Equal(1, _registry.Totals().Devices);
        Assert.Equal([-1, -2, -3], _registry.Recent("edge-1", 10).Select(stored => (stored.Time - Noon).TotalSeconds));
    }

    [Fact]
    public void A_partition_that_goes_takes_its_share_along_and_comes_back_empty()
    {
        var kept = Events.Of("a", Noon);
        var gone = Events.Of("b", Noon, persons: 2);
        Add(0, kept);
        Add(1, gone);
        Add(1, gone);
        _registry.AddDeadLetter(1);
        Assert.Equal(
            new RegistryTotals(Events: 2, Duplicates: 1, DeadLetters: 1, Persons: 3, Devices: 2), _registry.Totals());

        _registry.Keep([0]);
        Assert.Equal(
            new RegistryTotals(Events: 1, Duplicates: 0, DeadLetters: 0, Persons: 1, Devices: 1), _registry.Totals());

        _registry.Keep([0, 1]);
        Assert.False(Add(0, kept));
        Assert.True(Add(1, gone));
    }

    [Fact]
    public void The_limit_of_devices_holds_over_all_partitions()
    {
        for (var i = 0; i < 12; i++)
            Add(i % 4, Events.Of($"edge-{i:D2}", Noon.AddSeconds(i - 12)));
        Assert.Equal(["edge-09", "edge-10", "edge-11"], _registry.Summaries().Select(device => device.DeviceId));
    }

    [Fact]
    public void Large_events_do_not_fill_the_memory_with_a_ring_of_them()
    {
        var json = new byte[DetectionEventJson.MaxBytes];
        for (var i = 0; i < 100; i++)
            _registry.Add(0, Events.Summary(Events.Of("edge-1", Noon)), json, Noon);
        Assert.Equal(12, _registry.Recent(null, 1000).Count);
        Assert.Equal(100, _registry.Totals().Events);
    }

    private bool Add(int partition, DetectionEvent one) =>
        _registry.Add(partition, Events.Summary(one), DetectionEventJson.Write(one), arrived: one.Timestamp);
}
