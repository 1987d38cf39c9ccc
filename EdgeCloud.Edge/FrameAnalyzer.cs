using System.Diagnostics;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.Edge.Tracking;
using OpenCvSharp;

namespace EdgeCloud.Edge;

/// <summary>Decodes a frame and has the models look at it, unless nothing has changed.</summary>
internal sealed class FrameAnalyzer(
    MotionGate gate,
    PictureAnalyzer pictures,
    FaceTracker tracker,
    DevicePacing pacing,
    CarbonLedger carbon,
    StageMetrics stages)
{
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
            models = models with { Faces = pictures.AllFaceModels };
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
            result = pictures.Analyze(picture, input, grid, view, stream, isDetailed ? cancellationToken : null);
            if (!isDetailed)
                gate.Keep(view, grid, result.Findings);
        }
        else
        {
            result = (known, TimeSpan.Zero, null);
            stream.Poses?.Confirm(frame.DeviceId, admission.AcceptedMonotonic);
            tracker.Confirm(frame.DeviceId, admission.AcceptedMonotonic, known.Faces);
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
        tracker.Confirm(frame.DeviceId, admission.AcceptedMonotonic, looked.Findings.Faces);
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
