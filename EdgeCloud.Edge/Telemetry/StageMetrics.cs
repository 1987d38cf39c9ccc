using System.Diagnostics.Metrics;

namespace EdgeCloud.Edge.Telemetry;

/// <summary>How long each stage of a frame takes, meter <see cref="EdgeTelemetry.Name"/>.</summary>
internal sealed class StageMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> _durations = meters.Create(EdgeTelemetry.Name).CreateHistogram(
        "edgecloud.stage.duration", "s",
        "Time a stage took for one frame, or publish: for its event, from the outbox to Kafka's confirmation",
        advice: EdgeTelemetry.Durations);

    /// <param name="stage">decode, letterbox, face (without the letterbox), pose, blur, store or publish.</param>
    /// <param name="duration">How long it took.</param>
    public void Done(string stage, TimeSpan duration) =>
        _durations.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));
}
