using System.Diagnostics.Metrics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Frames;

/// <summary>Metrics of frames and of what is in them, meter <see cref="EdgeTelemetry.Name"/>.</summary>
internal sealed class FrameMetrics
{
    /// <summary>From nobody to a crowd.</summary>
    private static readonly InstrumentAdvice<long> Few =
        new() { HistogramBucketBoundaries = [0, 1, 2, 3, 4, 5, 7, 10, 20, 50] };

    private readonly Counter<long> _frames;
    private readonly Counter<long> _unchanged;
    private readonly Counter<long> _notUploaded;
    private readonly Counter<long> _sparedBytes;
    private readonly Counter<double> _sparedJoules;
    private readonly Counter<long> _faces;
    private readonly Counter<long> _poses;
    private readonly Histogram<long> _frameFaces;
    private readonly Histogram<long> _framePersons;

    public FrameMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdgeTelemetry.Name);
        _frames = meter.CreateCounter<long>(
            "edgecloud.frames", "{frame}", "Frames received, by outcome: accepted, or why not");
        _unchanged = meter.CreateCounter<long>(
            "edgecloud.frames.unchanged", "{frame}",
            "Frames accepted that showed nothing new, so that the models did not look");
        _notUploaded = meter.CreateCounter<long>(
            "edgecloud.frames.not_uploaded", "{frame}",
            "Unchanged frames accepted without their picture, since the client saw that nothing had changed");
        _sparedBytes = meter.CreateCounter<long>(
            "edgecloud.upload.spared", "By",
            "Bytes that unchanged frames did not upload, by the last body of their device that the models looked at");
        _sparedJoules = meter.CreateCounter<double>(
            "edgecloud.frame.energy.spared", "J",
            "Marginal energy that was not used to decode and compare unchanged frames, since they were not uploaded");
        _faces = meter.CreateCounter<long>("edgecloud.faces", "{face}", "Faces found in accepted frames");
        _poses = meter.CreateCounter<long>(
            "edgecloud.poses", "{pose}", "Poses found, by where the region came from: detector or track");
        _frameFaces =
            meter.CreateHistogram("edgecloud.frame.faces", "{face}", "Faces found in one accepted frame", advice: Few);
        _framePersons = meter.CreateHistogram(
            "edgecloud.frame.persons", "{person}", "Persons counted in one accepted frame", advice: Few);
    }

    public void Accepted(DetectionEvent found)
    {
        _frames.Add(1, new KeyValuePair<string, object?>("outcome", "accepted"));
        if (found.Unchanged == true)
            _unchanged.Add(1);
        _faces.Add(found.Faces.Count);
        _frameFaces.Record(found.Faces.Count);
        _framePersons.Record(found.PersonsDetected);
    }

    public void NotUploaded(in Spared spared)
    {
        _notUploaded.Add(1);
        _sparedBytes.Add(spared.Bytes);
        _sparedJoules.Add(spared.Joules);
    }

    public void Rejected(FrameRejection rejection) =>
        _frames.Add(1, new KeyValuePair<string, object?>("outcome", rejection.Reason));

    public void PoseFound(bool isTracked) =>
        _poses.Add(1, new KeyValuePair<string, object?>("region", isTracked ? "track" : "detector"));
}
