using System.Diagnostics;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.Extensions.Options;
using OpenCvSharp;

namespace EdgeCloud.Edge.Frames;

/// <summary>The way of one frame through the edge: checked, decoded, looked at, published.</summary>
internal sealed class FramePipeline(
    InferencePool inference,
    LatestFrames latest,
    FrameFile frameFile,
    EventPublisher publisher,
    FrameMetrics metrics,
    IOptions<FrameOptions> options,
    IOptions<InferenceOptions> inferenceOptions,
    TimeProvider time)
{
    private readonly FrameOptions _options = options.Value;
    private readonly InferenceOptions _inferenceOptions = inferenceOptions.Value;

    /// <returns>The event as JSON, which is also what goes to Kafka, or why there is none.</returns>
    public async ValueTask<(byte[]? EventJson, FrameRejection? Rejection)> ProcessAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        var accepted = time.GetUtcNow().ToMicroseconds();
        var acceptedMonotonic = time.GetElapsedTime(0);
        if (!JpegHeader.TryRead(frame.Jpeg, out var header, out var problem))
            return (null, FrameRejection.InvalidJpeg(problem));
        if ((long)header.Width * header.Height > _options.MaxPixels)
            return (null, FrameRejection.TooManyPixels(header.Width, header.Height, _options.MaxPixels));
        if (!inference.IsLoaded)
            return (null, FrameRejection.ModelsNotLoaded());

        using var lease = await inference.AcquireAsync(cancellationToken);
        return lease.Stream is { } stream ? Look(frame, stream, accepted, acceptedMonotonic) : (null, FrameRejection.Overloaded());
    }

    private (byte[]? EventJson, FrameRejection? Rejection) Look(ReceivedFrame frame, InferenceStream stream, DateTimeOffset accepted, TimeSpan acceptedMonotonic)
    {
        var started = Stopwatch.GetTimestamp();
        using var matrix = Cv2.ImDecode(frame.Jpeg, ImreadModes.Color);
        if (matrix.Empty())
            return (null, FrameRejection.InvalidJpeg("Its picture data cannot be decoded."));
        var picture = Picture.Of(matrix);
        var decoded = Stopwatch.GetTimestamp();

        var faces = stream.Faces.Detect(picture);
        var facesFound = Stopwatch.GetTimestamp();

        var pose = stream.Poses?.Find(picture, frame.DeviceId, acceptedMonotonic);
        var poseFound = Stopwatch.GetTimestamp();

        var detectionEvent = new DetectionEvent
        {
            DeviceId = frame.DeviceId,
            Timestamp = accepted,
            PersonsDetected = PersonRule.Count(faces),
            Faces = FaceEvents.From(faces),
            EventId = Guid.CreateVersion7(accepted),
            Schema = DetectionEvent.CurrentSchema,
            Frame = new FrameInfo(latest.NextSequence(frame.DeviceId), picture.Width, picture.Height),
            CapturedAt = frame.CapturedAt,
            Poses = stream.Poses is null ? null : PoseEvents.From(pose, faces, picture.Size, _inferenceOptions.WorldLandmarks),
            TimingMs = new TimingMilliseconds
            {
                Decode = Milliseconds(started, decoded),
                Face = Milliseconds(decoded, facesFound),
                Pose = stream.Poses is null ? null : Milliseconds(facesFound, poseFound),
                Total = Milliseconds(started, poseFound),
            },
            NextFrameMs = (int)_options.FrameInterval.TotalMilliseconds,
        };

        var json = DetectionEventJson.Write(detectionEvent);
        if (!publisher.TryPublish(detectionEvent, json, out var reason))
            return (null, FrameRejection.EventNotAccepted(reason));

        latest.Keep(detectionEvent, json, frame.Jpeg);
        frameFile.Offer(frame.DeviceId);
        metrics.Accepted(detectionEvent.PersonsDetected);
        metrics.StageDone("decode", Stopwatch.GetElapsedTime(started, decoded));
        metrics.StageDone("face", Stopwatch.GetElapsedTime(decoded, facesFound));
        if (stream.Poses is not null)
            metrics.StageDone("pose", Stopwatch.GetElapsedTime(facesFound, poseFound));
        if (pose is not null)
            metrics.PoseFound(pose.IsTracked);
        return (json, null);
    }

    private static double Milliseconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);
}
