using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace EdgeCloud.Edge.Telemetry;

/// <summary>What the edge's rooms share to measure and trace: the name, the spans, the buckets.</summary>
internal static class EdgeTelemetry
{
    /// <summary>
    /// Of one metric. No label has a value that a client chooses, so that there are far fewer; and OpenTelemetry keeps
    /// room for so many of each from the start, 2,000 if not told otherwise, which took 9 MB.
    /// </summary>
    private const int MaxSeries = 200;

    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "EdgeCloud.Edge";

    public static readonly ActivitySource Activities = new(Name);

    /// <summary>
    /// Seconds, from the twentieth of a millisecond that a letterbox takes to the ten seconds of a
    /// delivery that was retried.
    /// </summary>
    public static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries =
            [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>
    /// The span of the frame that is being worked on; null when nobody records it, so that to describe
    /// it costs nothing then.
    /// </summary>
    public static Activity? TracedFrame =>
        Activities.HasListeners() && Activity.Current is { IsAllDataRequested: true } frame ? frame : null;

    public static void AddEdgeTelemetry(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddView(
            static _ => new MetricStreamConfiguration { CardinalityLimit = MaxSeries }));

    /// <summary>A span beneath the frame's, for what is already over.</summary>
    /// <param name="frame">The frame's span, which is the current one.</param>
    /// <param name="name">The stage.</param>
    /// <param name="started">By <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="ended">Likewise.</param>
    public static void AddStage(this Activity frame, string name, long started, long ended)
    {
        var (now, nowTimestamp) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
        using var stage = Activities.StartActivity(
            ActivityKind.Internal, frame.Context,
            startTime: now - Stopwatch.GetElapsedTime(started, nowTimestamp), name: name);
        stage?.SetEndTime((now - Stopwatch.GetElapsedTime(ended, nowTimestamp)).UtcDateTime);
    }
}
