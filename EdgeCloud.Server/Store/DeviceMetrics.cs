using System.Data.Common;
using System.Diagnostics.Metrics;

namespace EdgeCloud.Server.Store;

/// <summary>Metrics of the devices. However many there are, at most a hundred are told apart.</summary>
internal sealed class DeviceMetrics
{
    public const int MaxDeviceIds = 100;

    private static readonly (DeviceStatus Status, KeyValuePair<string, object?> Tag)[] States =
    [
        .. from status in Enum.GetValues<DeviceStatus>()
           select (status, new KeyValuePair<string, object?>("state", status.ToString().ToLowerInvariant())),
    ];

    private readonly EventStore _store;
    private readonly DeviceRegistry _registry;
    private readonly TimeProvider _time;

    public DeviceMetrics(IMeterFactory meters, EventStore store, DeviceRegistry registry, TimeProvider time)
    {
        (_store, _registry, _time) = (store, registry, time);
        var meter = meters.Create(ServerTelemetry.Name);
        meter.CreateObservableUpDownCounter(
            "edgecloud.devices", ByState, "{device}", "Devices known, by state: online, stale or offline");
        meter.CreateObservableGauge(
            "edgecloud.device.last_seen.age", Ages, "s",
            "Time since a device's latest event, for the hundred devices with the latest ones");
    }

    private IEnumerable<Measurement<int>> ByState()
    {
        var devices = Devices();
        return States.Select(state =>
            new Measurement<int>(devices.Count(device => device.Status == state.Status), state.Tag));
    }

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = _time.GetUtcNow();
        return Devices().OrderByDescending(static device => device.LastSeen).Take(MaxDeviceIds).Select(
            device => new Measurement<double>(
                Math.Max(0, (now - device.LastSeen).TotalSeconds),
                new KeyValuePair<string, object?>("device_id", device.DeviceId)));
    }

    /// <summary>None while the store is away: a scrape would not be waited for that long.</summary>
    private IReadOnlyList<DeviceSummary> Devices()
    {
        try
        {
            return _store.IsAway ? [] : _registry.Summaries();
        }
        catch (DbException)
        {
            return [];
        }
    }
}
