using System.Diagnostics;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Edge.Telemetry;
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
    MotionGate gate,
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

        // Before the models, since what they would see tells whether they must.
        Span<byte> grid = stackalloc byte[LumaGrid.Cells];
        LumaGrid.Fill(stream.Faces.Sample(picture), stream.Faces.InputSize, grid);
        var view = new View(frame.DeviceId, picture.Width, picture.Height, pacing.Pose(frame.DeviceId), acceptedMonotonic);
        var known = gate.Confirm(view, grid);
        var compared = Stopwatch.GetTimestamp();

        stages.Done("decode", Stopwatch.GetElapsedTime(started, decoded));
        stages.Done("letterbox", Stopwatch.GetElapsedTime(decoded, stream.Faces.Sampled));
        EdgeTelemetry.TracedFrame?.AddStage("decode", started, decoded);
        EdgeTelemetry.TracedFrame?.SetTag("edgecloud.unchanged", known is not null);
        if (known is not null)
            stream.Poses?.Confirm(frame.DeviceId, acceptedMonotonic);
        var result = known is null ? RunModels(picture, view, stream, decoded) : new Result(known.Faces, known.Poses, known.PersonsDetected, compared, null);

        var joules = carbon.FrameDone(ThreadClock.Now - cpu);
        var found = new DetectionEvent
        {
            DeviceId = frame.DeviceId,
            Timestamp = accepted,
            PersonsDetected = result.Persons,
            Faces = result.Faces,
            EventId = Guid.CreateVersion7(accepted),
            Schema = DetectionEvent.CurrentSchema,
            Frame = new FrameInfo(0, picture.Width, picture.Height),
            CapturedAt = frame.CapturedAt,
            Poses = result.Poses,
            Unchanged = known is null ? null : true,
            TimingMs = new TimingMilliseconds
            {
                Decode = Milliseconds(started, decoded),
                Face = Milliseconds(decoded, result.FacesDone),
                Pose = result.PoseDone is { } poseDone ? Milliseconds(result.FacesDone, poseDone) : null,
                Total = Milliseconds(started, result.PoseDone ?? result.FacesDone),
            },
            EnergyJoules = joules,
            NextFrameMs = (int)pacing.Next(frame.DeviceId, result.Persons > 0, view.Pose, known is null ? joules : null).TotalMilliseconds,
        };
        if (known is null)
            gate.Keep(view, grid, found);
        return found;
    }

    private Result RunModels(Picture picture, in View view, InferenceStream stream, long decoded)
    {
        var faces = stream.Faces.DetectSampled();
        var facesDone = Stopwatch.GetTimestamp();
        stages.Done("face", Stopwatch.GetElapsedTime(stream.Faces.Sampled, facesDone));
        EdgeTelemetry.TracedFrame?.AddStage("face", decoded, facesDone);
        var persons = PersonRule.Count(faces);
        if (view.Pose == PoseMode.Off || stream.Poses is not { } poses)
            return new Result(FaceEvents.From(faces), null, persons, facesDone, null);

        var pose = poses.Find(picture, view.DeviceId, view.Accepted, saving: view.Pose == PoseMode.Lite);
        var poseDone = Stopwatch.GetTimestamp();
        stages.Done("pose", Stopwatch.GetElapsedTime(facesDone, poseDone));
        EdgeTelemetry.TracedFrame?.AddStage("pose", facesDone, poseDone);
        if (pose is not null)
            metrics.PoseFound(pose.IsTracked);
        return new Result(FaceEvents.From(faces), PoseEvents.From(pose, faces, picture.Size, _inferenceOptions.WorldLandmarks), persons, facesDone, poseDone);
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

    /// <param name="Faces">Of the event.</param>
    /// <param name="Poses">Of the event.</param>
    /// <param name="Persons">How many.</param>
    /// <param name="FacesDone">By <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="PoseDone">Likewise; null when there was no looking for a pose.</param>
    private readonly record struct Result(IReadOnlyList<Face> Faces, IReadOnlyList<PersonPose>? Poses, int Persons, long FacesDone, long? PoseDone);

    private static double Milliseconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);
}

/// <param name="Json">The reply, and byte for byte what goes to Kafka.</param>
internal sealed record AcceptedEvent(byte[] Json, Delivery Delivery);
