using System.Diagnostics;
using EdgeCloud.Edge.Carbon;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.ServiceDefaults.Carbon;
using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.Extensions.Options;
using OpenCvSharp;

namespace EdgeCloud.Edge.Frames;

/// <summary>The way of one frame through the edge: checked, decoded, looked at, its event stored for Kafka.</summary>
internal sealed class FramePipeline(
    InferencePool inference,
    FrameMemory memory,
    LatestFrames latest,
    FrameFile frameFile,
    Outbox outbox,
    FrameMetrics metrics,
    StageMetrics stages,
    CarbonLedger carbon,
    DevicePacing pacing,
    IOptions<FrameOptions> options,
    IOptions<InferenceOptions> inferenceOptions,
    TimeProvider time)
{
    private readonly FrameOptions _options = options.Value;
    private readonly InferenceOptions _inferenceOptions = inferenceOptions.Value;
    private readonly Lock _numbering = new();

    /// <returns>Why no frame can be taken now; null when one can. Asked before a body is read, so that to refuse is cheap.</returns>
    public FrameRejection? Refusal() => !inference.IsLoaded ? FrameRejection.ModelsNotLoaded() : inference.IsFull ? FrameRejection.Overloaded() : null;

    /// <returns>The accepted event, or why there is none.</returns>
    public async ValueTask<(AcceptedEvent? Event, FrameRejection? Rejection)> ProcessAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        var accepted = time.GetUtcNow().ToMicroseconds();
        var acceptedMonotonic = time.GetElapsedTime(0);
        if (!JpegHeader.TryRead(frame.Jpeg, out var header, out var problem))
            return (null, FrameRejection.InvalidJpeg(problem));
        if ((long)header.Width * header.Height > _options.MaxPixels)
            return (null, FrameRejection.TooManyPixels(header.Width, header.Height, _options.MaxPixels));
        if (header.DecodedBytes > _options.MaxMemoryBytes - frame.Jpeg.Length)
            return (null, FrameRejection.TooManyBytesDecoded(header.DecodedBytes, _options.MaxMemoryBytes - frame.Jpeg.Length));

        DetectionEvent detectionEvent;
        using (var lease = await inference.AcquireAsync(cancellationToken))
        {
            if (lease.Stream is not { } stream)
                return (null, FrameRejection.Overloaded());
            using var share = memory.Open();
            if (!share.TryTake(header.DecodedBytes))
                return (null, FrameRejection.OutOfMemory());
            if (Look(frame, stream, accepted, acceptedMonotonic) is not { } found)
                return (null, FrameRejection.InvalidJpeg("Its picture data cannot be decoded."));
            detectionEvent = found;
        }

        return await StoreAsync(frame, detectionEvent);
    }

    /// <returns>The event, not yet numbered; null when the picture cannot be decoded.</returns>
    private DetectionEvent? Look(ReceivedFrame frame, InferenceStream stream, DateTimeOffset accepted, TimeSpan acceptedMonotonic)
    {
        var cpu = ThreadClock.Now;
        var started = Stopwatch.GetTimestamp();
        using var matrix = Cv2.ImDecode(frame.Jpeg, ImreadModes.Color);
        if (matrix.Empty())
            return null;
        var picture = Picture.Of(matrix);
        var decoded = Stopwatch.GetTimestamp();

        var faces = stream.Faces.Detect(picture);
        var facesFound = Stopwatch.GetTimestamp();

        var mode = pacing.Pose(frame.DeviceId);
        var poses = mode == PoseMode.Off ? null : stream.Poses;
        var pose = poses?.Find(picture, frame.DeviceId, acceptedMonotonic, saving: mode == PoseMode.Lite);
        var poseFound = Stopwatch.GetTimestamp();

        stages.Done("decode", Stopwatch.GetElapsedTime(started, decoded));
        stages.Done("letterbox", Stopwatch.GetElapsedTime(decoded, stream.Faces.Sampled));
        stages.Done("face", Stopwatch.GetElapsedTime(stream.Faces.Sampled, facesFound));
        if (poses is not null)
            stages.Done("pose", Stopwatch.GetElapsedTime(facesFound, poseFound));
        if (pose is not null)
            metrics.PoseFound(pose.IsTracked);
        if (EdgeTelemetry.TracedFrame is { } traced)
        {
            traced.AddStage("decode", started, decoded);
            traced.AddStage("face", decoded, facesFound);
            if (poses is not null)
                traced.AddStage("pose", facesFound, poseFound);
        }

        var persons = PersonRule.Count(faces);
        var joules = carbon.FrameDone(ThreadClock.Now - cpu);
        return new DetectionEvent
        {
            DeviceId = frame.DeviceId,
            Timestamp = accepted,
            PersonsDetected = persons,
            Faces = FaceEvents.From(faces),
            EventId = Guid.CreateVersion7(accepted),
            Schema = DetectionEvent.CurrentSchema,
            Frame = new FrameInfo(0, picture.Width, picture.Height),
            CapturedAt = frame.CapturedAt,
            Poses = poses is null ? null : PoseEvents.From(pose, faces, picture.Size, _inferenceOptions.WorldLandmarks),
            TimingMs = new TimingMilliseconds
            {
                Decode = Milliseconds(started, decoded),
                Face = Milliseconds(decoded, facesFound),
                Pose = poses is null ? null : Milliseconds(facesFound, poseFound),
                Total = Milliseconds(started, poseFound),
            },
            EnergyJoules = joules,
            NextFrameMs = (int)pacing.Next(frame.DeviceId, persons > 0, mode, joules).TotalMilliseconds,
        };
    }

    private async Task<(AcceptedEvent? Event, FrameRejection? Rejection)> StoreAsync(ReceivedFrame frame, DetectionEvent found)
    {
        DetectionEvent detectionEvent;
        byte[] json;
        Task<StoreResult> storing;
        var started = Stopwatch.GetTimestamp();

        // In one step, so that the events of a device go to Kafka in the order of their numbers.
        lock (_numbering)
        {
            detectionEvent = found with { Frame = found.Frame! with { Sequence = latest.NextSequence(frame.DeviceId) }, OutboxEvents = outbox.Events };
            json = DetectionEventJson.Write(detectionEvent);
            storing = outbox.StoreAsync(detectionEvent, json);
        }

        var stored = await storing;
        var ended = Stopwatch.GetTimestamp();
        EdgeTelemetry.TracedFrame?.AddStage("store", started, ended);
        if (stored.Problem is { } problem)
            return (null, FrameRejection.EventNotStored(problem));

        stages.Done("store", Stopwatch.GetElapsedTime(started, ended));
        latest.Keep(detectionEvent, json, frame.Jpeg);
        frameFile.Offer(frame.DeviceId);
        metrics.Accepted(detectionEvent);
        return (new AcceptedEvent(json, stored.Delivery), null);
    }

    private static double Milliseconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);
}

/// <param name="Json">The reply, and byte for byte what goes to Kafka.</param>
internal sealed record AcceptedEvent(byte[] Json, Delivery Delivery);
