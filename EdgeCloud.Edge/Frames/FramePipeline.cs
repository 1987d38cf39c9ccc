using System.Diagnostics;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.Extensions.Options;
using OpenCvSharp;

namespace EdgeCloud.Edge.Frames;

/// <summary>The way of one frame through the edge: checked, decoded, looked at, published.</summary>
internal sealed class FramePipeline(
    FaceDetectorPool detectors,
    LatestFrames latest,
    FrameFile frameFile,
    EventPublisher publisher,
    FrameMetrics metrics,
    IOptions<FrameOptions> options,
    TimeProvider time)
{
    private readonly FrameOptions _options = options.Value;

    /// <returns>The event as JSON, which is also what goes to Kafka, or why there is none.</returns>
    public async ValueTask<(byte[]? EventJson, FrameRejection? Rejection)> ProcessAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        var accepted = time.GetUtcNow().ToMicroseconds();
        if (!JpegHeader.TryRead(frame.Jpeg, out var header, out var problem))
            return (null, FrameRejection.InvalidJpeg(problem));
        if ((long)header.Width * header.Height > _options.MaxPixels)
            return (null, FrameRejection.TooManyPixels(header.Width, header.Height, _options.MaxPixels));
        if (!detectors.IsLoaded)
            return (null, FrameRejection.ModelsNotLoaded());

        using var lease = await detectors.AcquireAsync(cancellationToken);
        return lease.Detector is { } detector ? Detect(frame, detector, accepted) : (null, FrameRejection.Overloaded());
    }

    private (byte[]? EventJson, FrameRejection? Rejection) Detect(ReceivedFrame frame, FaceDetector detector, DateTimeOffset accepted)
    {
        var started = Stopwatch.GetTimestamp();
        using var picture = Cv2.ImDecode(frame.Jpeg, ImreadModes.Color);
        if (picture.Empty())
            return (null, FrameRejection.InvalidJpeg("Its picture data cannot be decoded."));
        var decoded = Stopwatch.GetTimestamp();

        var faces = FaceEvents.From(detector.Detect(picture));
        var found = Stopwatch.GetTimestamp();

        var detectionEvent = new DetectionEvent
        {
            DeviceId = frame.DeviceId,
            Timestamp = accepted,
            PersonsDetected = faces.Length,
            Faces = faces,
            EventId = Guid.CreateVersion7(accepted),
            Schema = DetectionEvent.CurrentSchema,
            Frame = new FrameInfo(latest.NextSequence(frame.DeviceId), picture.Width, picture.Height),
            CapturedAt = frame.CapturedAt,
            TimingMs = new TimingMilliseconds(Milliseconds(started, decoded), Milliseconds(decoded, found), Milliseconds(started, found)),
            NextFrameMs = (int)_options.FrameInterval.TotalMilliseconds,
        };

        var json = DetectionEventJson.Write(detectionEvent);
        if (!publisher.TryPublish(detectionEvent, json, out var reason))
            return (null, FrameRejection.EventNotAccepted(reason));

        latest.Keep(detectionEvent, json, frame.Jpeg);
        frameFile.Offer(frame.DeviceId);
        metrics.Accepted(Stopwatch.GetElapsedTime(started, decoded), Stopwatch.GetElapsedTime(decoded, found), faces.Length);
        return (json, null);
    }

    private static double Milliseconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);
}
