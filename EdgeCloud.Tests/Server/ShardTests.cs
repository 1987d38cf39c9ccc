using EdgeCloud.Contract;
using EdgeCloud.Server.Store;

namespace EdgeCloud.Tests.Server;

/// <summary>The state of several partitions, shown as one.</summary>
public sealed class ShardTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly StoreScene _scene = new(new FakeTimeProvider(Noon), options => options.MaxDevices = 3);

    private DeviceRegistry Registry => _scene.Registry;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_device_in_two_partitions_is_one_device()
    {
        Add(0, Events.Of("edge-1", Noon.AddSeconds(-3), persons: 1));
        Add(5, Events.Of("edge-1", Noon.AddSeconds(-1), persons: 2));
        Add(5, Events.Of("edge-1", Noon.AddSeconds(-2), persons: 3));

        var device = Assert.Single(Registry.Summaries());
        Assert.Equal((3L, 6L, 2), (device.Events, device.Persons, device.PersonsDetected));
        Assert.Equal((Noon.AddSeconds(-3), Noon.AddSeconds(-1)), (device.FirstSeen, device.LastSeen));
        Assert.Equal(1, Registry.Totals().Devices);
        Assert.Equal(
            [-1, -2, -3], Registry.Recent("edge-1", 10).Select(json => (Events.TimeOf(json) - Noon).TotalSeconds));
    }

    [Fact]
    public void The_limit_of_devices_holds_over_all_partitions()
    {
        for (var i = 0; i < 12; i++)
            Add(i % 4, Events.Of($"edge-{i:D2}", Noon.AddSeconds(i - 12)));
        Assert.Equal(["edge-09", "edge-10", "edge-11"], Registry.Summaries().Select(device => device.DeviceId));
    }

    private bool Add(int partition, DetectionEvent one) =>
        _scene.Add(partition, Events.Summary(one), DetectionEventJson.Write(one), arrived: one.Timestamp);
}
