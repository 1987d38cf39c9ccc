using System.Diagnostics.Metrics;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Sources;

/// <summary>
/// Metrics of the sources, meter <see cref="EdgeTelemetry.Name"/>. The label is a device of the settings, so that there
/// are as many series as sources.
/// </summary>
internal sealed class SourceMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _restarts;

    public SourceMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(EdgeTelemetry.Name);
        _frames = _meter.CreateCounter<long>("edgecloud.source.frames", "{frame}", "Frames that came from a source");
        _dropped = _meter.CreateCounter<long>(
            "edgecloud.source.frames.dropped", "{frame}",
            "Frames of a source that came before one was due, or for which a newer one came before their turn");
        _restarts = _meter.CreateCounter<long>(
            "edgecloud.source.restarts", "{restart}", "How often a source was tried again");
    }

    /// <summary>Counters begin at zero, or the first of what they count would not be seen as an increase.</summary>
    public void Begin(string device)
    {
        foreach (var counter in (Counter<long>[])[_frames, _dropped, _restarts])
            counter.Add(0, Label(device));
    }

    public void Frame(string device) => _frames.Add(1, Label(device));

    public void Dropped(string device) => _dropped.Add(1, Label(device));

    public void Restarted(string device) => _restarts.Add(1, Label(device));

    /// <param name="statuses">Of all sources; one whose file is over is neither up nor away.</param>
    public void ObserveUp(Func<IEnumerable<SourceStatus>> statuses) => _meter.CreateObservableGauge(
        "edgecloud.source.up",
        () => statuses().Where(static status => status.State != SourceState.Ended).Select(static status =>
            new Measurement<int>(status.State == SourceState.Running ? 1 : 0, Label(status.Device))),
        "1", "Whether frames come from a source: 1 or 0");

    private static KeyValuePair<string, object?> Label(string device) => new("device_id", device);
}
