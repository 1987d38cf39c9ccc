using System.Diagnostics;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Streams;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Edge.Telemetry;
using Microsoft.Extensions.Options;
using OpenCvSharp;

namespace EdgeCloud.Edge;

/// <summary>Decodes a frame and finds what is in it: faces, and then the pose, unless nothing has changed.</summary>
internal sealed class FrameAnalyzer(
    MotionGate gate,
    DevicePacing pacing,
    CarbonLedger carbon,
    StageMetrics stages,
    FrameMetrics metrics,
    IOptions<InferenceOptions> options)
{
    private readonly bool _withWorldLandmarks = options.Value.WorldLandmarks;
    private readonly FaceRange _allFaceModels = options.Value.FaceRange;

    /// <param name="frame">With its picture.</param>
    /// <param name="admission">Its turn.</param>
    /// <param name="blur">What is not to be shown of the picture.</param>
    /// <param name="cancellationToken">Ends a look that takes long.</param>
    /// <returns>Null when the picture cannot be decoded.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public FrameAnalysis? Analyze(
        ReceivedFrame frame, FrameAdmission admission, FrameBlur blur, CancellationToken cancellationToken)
    {
        var cpu = ThreadClock.Now;
        var started = Stopwatch.GetTimestamp();
        using var matrix = Cv2.ImDecode(frame.Jpeg, ImreadModes.Color);
        if (matrix.Empty())
            return null;
        var picture = Picture.Of(matrix);
        var decoded = Stopwatch.GetTimestamp();

        // What the first face model is about to see tells whether the models must look at all.
        var stream = admission.Stream;
        var models = pacing.Models(frame.DeviceId);
        var isDetailed = frame.Detail == FrameDetail.High;
        if (isDetailed)
            models = models with { Faces = _allFaceModels };
        var input = stream.Faces.Sample(picture, models.Faces);
        var sampled = Stopwatch.GetTimestamp();
        Span<byte> grid = stackalloc byte[LumaGrid.Cells];
        LumaGrid.Fill(input.PlanarRgb, input.Size, grid);
        var view = new View(frame.DeviceId, picture.Width, picture.Height, models, admission.AcceptedMonotonic);

        // What is found in tiles is no result for a frame that is looked at as a whole, and the other way round.
        var known = isDetailed ? null : gate.Confirm(view, grid);
        var compared = Stopwatch.GetTimestamp();
        double? comparedJoules = known is null && !isDetailed ? carbon.MarginalJoules(ThreadClock.Now - cpu) : null;

        stages.Done("decode", Stopwatch.GetElapsedTime(started, decoded));
        stages.Done("letterbox", Stopwatch.GetElapsedTime(decoded, sampled));
        EdgeTelemetry.TracedFrame?.AddStage("decode", started, decoded);
        EdgeTelemetry.TracedFrame?.SetTag("edgecloud.unchanged", known is not null);

        (Findings Findings, TimeSpan Faces, TimeSpan? Pose) result;
        if (known is null)
        {
            result = Look(picture, input, grid, view, stream, isDetailed ? cancellationToken : null);
            if (!isDetailed)
                gate.Keep(view, grid, result.Findings);
        }
        else
        {
            result = (known, TimeSpan.Zero, null);
            stream.Poses?.Confirm(frame.DeviceId, admission.AcceptedMonotonic);
        }

        var (findings, faces, pose) = result;
        var shown = blur == FrameBlur.Faces ? Blur(matrix, findings) : null;
        var done = Stopwatch.GetTimestamp();
        var joules = carbon.FrameDone(ThreadClock.Now - cpu);
        return new FrameAnalysis
        {
            Accepted = admission.Accepted,
            AcceptedMonotonic = admission.AcceptedMonotonic,
            Size = (picture.Width, picture.Height),
            Findings = findings,
            IsUnchanged = known is not null,
            Timing = new TimingMilliseconds
            {
                Decode = Milliseconds(Stopwatch.GetElapsedTime(started, decoded)),
                Face = Milliseconds(Stopwatch.GetElapsedTime(decoded, compared) + faces),
                Pose = pose is { } took ? Milliseconds(took) : null,
                Total = Milliseconds(Stopwatch.GetElapsedTime(started, done)),
            },
            Joules = joules,
            ComparedJoules = comparedJoules,
            Shown = shown,
            NextFrame = pacing.Next(
                frame.DeviceId, findings.Persons > 0, models, known is null && !isDetailed ? joules : null),
        };
    }

    /// <summary>Of a frame without its picture: the findings of the one that it repeats.</summary>
    public (FrameAnalysis? Analysis, FrameRejection? Rejection) Confirm(
        ReceivedFrame frame, in FrameReference repeated, FrameAdmission admission)
    {
        var cpu = ThreadClock.Now;
        var started = Stopwatch.GetTimestamp();
        var models = pacing.Models(frame.DeviceId);
        var view = new View(frame.DeviceId, 0, 0, models, admission.AcceptedMonotonic);
        if (gate.Confirm(view, repeated, out var problem) is not { } looked)
            return (null, FrameRejection.PictureNeeded(problem));
        admission.Stream.Poses?.Confirm(frame.DeviceId, admission.AcceptedMonotonic);
        var took = Milliseconds(Stopwatch.GetElapsedTime(started));

        EdgeTelemetry.TracedFrame?.SetTag("edgecloud.unchanged", true);
        var joules = carbon.FrameDone(ThreadClock.Now - cpu);
        var analysis = new FrameAnalysis
        {
            Accepted = admission.Accepted,
            AcceptedMonotonic = admission.AcceptedMonotonic,
            Size = looked.Size,
            Findings = looked.Findings,
            IsUnchanged = true,
            Timing = new TimingMilliseconds { Decode = 0, Face = took, Total = took },
            Joules = joules,
            Spared = new Spared(
                Math.Max(0, looked.Look.BodyBytes - frame.BodyBytes), Math.Max(0, looked.Look.ComparedJoules - joules)),
            NextFrame = pacing.Next(frame.DeviceId, looked.Findings.Persons > 0, models, null),
        };
        return (analysis, null);
    }

    /// <param name="picture">The frame.</param>
    /// <param name="input">What the first face model is to see of it.</param>
    /// <param name="grid">The same as <see cref="LumaGrid"/>.</param>
    /// <param name="view">Whose it is, and what to look with.</param>
    /// <param name="stream">Where to look.</param>
    /// <param name="inTiles">Ends a look for faces in tiles too; null for the picture as a whole.</param>
    /// <returns>What was found, and how long each took to look.</returns>
    private (Findings Findings, TimeSpan Faces, TimeSpan? Pose) Look(
        Picture picture, DetectorInput input, ReadOnlySpan<byte> grid, in View view, InferenceStream stream,
        CancellationToken? inTiles)
    {
        // The pose before the faces, whose model has its input already: with the short range model a frame takes a few
        // hundredths less so (docs/benchmarks.md).
        var started = Stopwatch.GetTimestamp();
        var poses = view.Models.Pose == PoseMode.Off ? null : stream.Poses;
        var pose = poses?.Find(picture, view.DeviceId, view.Accepted, view.Models.Pose == PoseMode.Lite, grid);
        var poseDone = Stopwatch.GetTimestamp();
        var faces = inTiles is { } cancellationToken
            ? stream.Faces.DetectInTiles(picture, input, view.Models.Faces, cancellationToken)
            : stream.Faces.Detect(picture, input, view.Models.Faces);
        var facesDone = Stopwatch.GetTimestamp();

        var (tookFaces, tookPose) =
            (Stopwatch.GetElapsedTime(poseDone, facesDone), Stopwatch.GetElapsedTime(started, poseDone));
        stages.Done("face", tookFaces);
        EdgeTelemetry.TracedFrame?.AddStage("face", poseDone, facesDone);
        var (found, persons) = (EventContent.Faces(faces), PersonRule.Count(faces));
        if (poses is null)
            return (new Findings(found, null, persons), tookFaces, null);

        stages.Done("pose", tookPose);
        EdgeTelemetry.TracedFrame?.AddStage("pose", started, poseDone);
        if (pose is not null)
            metrics.PoseFound(pose.IsTracked);
        var posed = EventContent.Poses(pose, faces, picture.Size, _withWorldLandmarks);
        return (new Findings(found, posed, persons), tookFaces, tookPose);
    }

    private byte[] Blur(Mat matrix, Findings findings)
    {
        var started = Stopwatch.GetTimestamp();
        var jpeg = FaceBlur.Encode(matrix, findings.Faces);
        var done = Stopwatch.GetTimestamp();
        stages.Done("blur", Stopwatch.GetElapsedTime(started, done));
        EdgeTelemetry.TracedFrame?.AddStage("blur", started, done);
        return jpeg;
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
