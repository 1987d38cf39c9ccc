using System.Diagnostics.Metrics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Edge.Presence;

/// <summary>
/// Metrics of persons, zones and lines, meter <see cref="EdgeTelemetry.Name"/>. Labels are the names of zones and
/// lines, of which there are at most <see cref="ZoneMap.MaxZones"/> and <see cref="ZoneMap.MaxLines"/>.
/// </summary>
internal sealed class PresenceMetrics
{
    /// <summary>Seconds: from passing by to a working day.</summary>
    private static readonly InstrumentAdvice<double> Stays = new()
    {
        HistogramBucketBoundaries = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14_400],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _visits;
    private readonly Histogram<double> _dwell;
    private readonly Histogram<double> _zoneDwell;
    private readonly Counter<long> _crossings;

    public PresenceMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(EdgeTelemetry.Name);
        _visits = _meter.CreateCounter<long>(
            "edgecloud.presence.visits", "{visit}",
            "Persons that came, outcome started, or whose visit ended: left, stopped or lost");
        _dwell = _meter.CreateHistogram(
            "edgecloud.presence.dwell", "s", "From the first to the last sighting of a person", advice: Stays);
        _zoneDwell = _meter.CreateHistogram(
            "edgecloud.zone.dwell", "s", "How long a person stayed in a zone", advice: Stays);
        _crossings = _meter.CreateCounter<long>(
            "edgecloud.line.crossings", "{crossing}", "How often a line was crossed, forward and backward");
    }

    /// <param name="persons">Of each zone, how many are in it.</param>
    /// <param name="zones">All devices' zones.</param>
    public void Observe(Func<IEnumerable<(DeviceZones Device, Zone Zone, int Persons)>> persons, Func<ZoneMap> zones)
    {
        _meter.CreateObservableGauge(
            "edgecloud.zone.persons",
            () => persons().Select(static zone =>
                new Measurement<int>(zone.Persons, Labels(zone.Device.DeviceId!, "zone", zone.Zone.Name))),
            "{person}", "Persons in a zone");
        _meter.CreateObservableGauge(
            "edgecloud.zone.capacity",
            () => zones().Devices.SelectMany(static device => device.Zones
                .Where(static zone => zone.Capacity is not null)
                .Select(zone => new Measurement<int>(
                    zone.Capacity!.Value, Labels(device.DeviceId!, "zone", zone.Name)))),
            "{person}", "How many persons a zone is meant for, where somebody says");
    }

    /// <summary>Counters begin at zero, or the first of what they count would not be seen as an increase.</summary>
    public void Begin(DeviceZones device)
    {
        foreach (var line in device.Lines)
        {
            foreach (var direction in (CrossingDirection[])[CrossingDirection.Forward, CrossingDirection.Backward])
                Crossed(device.DeviceId!, line.Name, direction, crossings: 0);
        }
    }

    public void Started() => _visits.Add(1, new KeyValuePair<string, object?>("outcome", "started"));

    public void Ended(PresenceEnd reason, TimeSpan? dwell)
    {
        _visits.Add(1, new KeyValuePair<string, object?>("outcome", reason switch
        {
            PresenceEnd.Left => "left",
            PresenceEnd.Stopped => "stopped",
            _ => "lost",
        }));
        if (dwell is { } stayed)
            _dwell.Record(stayed.TotalSeconds);
    }

    public void Left(string deviceId, string zone, double seconds) =>
        _zoneDwell.Record(seconds, Labels(deviceId, "zone", zone));

    public void Crossed(string deviceId, string line, CrossingDirection direction, long crossings = 1) =>
        _crossings.Add(
            crossings,
            new KeyValuePair<string, object?>("device_id", deviceId), new KeyValuePair<string, object?>("line", line),
            new KeyValuePair<string, object?>(
                "direction", direction == CrossingDirection.Forward ? "forward" : "backward"));

    private static KeyValuePair<string, object?>[] Labels(string deviceId, string name, string value) =>
        [new("device_id", deviceId), new(name, value)];
}
