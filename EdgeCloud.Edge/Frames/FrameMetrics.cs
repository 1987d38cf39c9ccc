using System.Diagnostics.Metrics;

namespace EdgeCloud.Edge.Frames;

/// <summary>Metrics of the way of a frame, meter <c>EdgeCloud.Edge</c>.</summary>
internal sealed class FrameMetrics
{
    public const string MeterName = "EdgeCloud.Edge";

    /// <summary>From a tenth of a millisecond, since a decode or a model run takes about one.</summary>
    private static readonly InstrumentAdvice<double> SubMillisecond = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    };

    private readonly Counter<long> _frames;
    private readonly Counter<long> _faces;
    private readonly Counter<long> _poses;
    private readonly Histogram<double> _stages;

    public FrameMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _frames = meter.CreateCounter<long>("edgecloud.frames", "{frame}", "Frames received, by outcome");
        _faces = meter.CreateCounter<long>("edgecloud.faces", "{face}", "Faces found");
        _poses = meter.CreateCounter<long>("edgecloud.poses", "{pose}", "Poses found, by where the region came from: detector or track");
        _stages = meter.CreateHistogram("edgecloud.stage.duration", "s", "Time a stage took for one frame", advice: SubMillisecond);
    }

    public void Accepted(int faces)
    {
        _frames.Add(1, new KeyValuePair<string, object?>("outcome", "accepted"));
        _faces.Add(faces);
    }

    public void PoseFound(bool isTracked) => _poses.Add(1, new KeyValuePair<string, object?>("region", isTracked ? "track" : "detector"));

    /// <param name="stage">decode, face or pose.</param>
    /// <param name="duration">How long it took.</param>
    public void StageDone(string stage, TimeSpan duration) => _stages.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    public void Rejected(FrameRejection rejection) => _frames.Add(1, new KeyValuePair<string, object?>("outcome", rejection.Reason));
}
