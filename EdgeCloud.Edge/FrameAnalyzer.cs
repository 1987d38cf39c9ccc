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

    /// <returns>Null when the picture cannot be decoded.</returns>
    public FrameAnalysis? Analyze(ReceivedFrame frame, FrameAdmission admission)
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
        var input = stream.Faces.Sample(picture, models.Faces);
        var sampled = Stopwatch.GetTimestamp();
        Span<byte> grid = stackalloc byte[LumaGrid.Cells];
        LumaGrid.Fill(input.PlanarRgb, input.Size, grid);
        var view = new View(frame.DeviceId, picture.Width, picture.Height, models, admission.AcceptedMonotonic);
        var known = gate.Confirm(view, grid);
        var compared = Stopwatch.GetTimestamp();
        double? comparedJoules = known is null ? carbon.MarginalJoules(ThreadClock.Now - cpu) : null;

        stages.Done("decode", Stopwatch.GetElapsedTime(started, decoded));
        stages.Done("letterbox", Stopwatch.GetElapsedTime(decoded, sampled));
        EdgeTelemetry.TracedFrame?.AddStage("decode", started, decoded);
        EdgeTelemetry.TracedFrame?.SetTag("edgecloud.unchanged", known is not null);

        (Findings Findings, long FacesDone, long? PoseDone) result;
        if (known is null)
        {
            result = Look(picture, input, grid, view, stream, (decoded, sampled));
            gate.Keep(view, grid, result.Findings);
        }
        else
        {
            result = (known, compared, null);
            stream.Poses?.Confirm(frame.DeviceId, admission.AcceptedMonotonic);
        }

        var (findings, facesDone, poseDone) = result;
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
                Decode = Milliseconds(started, decoded),
                Face = Milliseconds(decoded, facesDone),
                Pose = poseDone is { } done ? Milliseconds(facesDone, done) : null,
                Total = Milliseconds(started, poseDone ?? facesDone),
            },
            Joules = joules,
            ComparedJoules = comparedJoules,
            NextFrame = pacing.Next(frame.DeviceId, findings.Persons > 0, models, known is null ? joules : null),
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
        var took = Milliseconds(started, Stopwatch.GetTimestamp());

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

    private (Findings Findings, long FacesDone, long? PoseDone) Look(
        Picture picture, DetectorInput input, ReadOnlySpan<byte> grid, in View view, InferenceStream stream,
        (long Decoded, long Sampled) before)
    {
        var faces = stream.Faces.Detect(picture, input, view.Models.Faces);
        var facesDone = Stopwatch.GetTimestamp();
        stages.Done("face", Stopwatch.GetElapsedTime(before.Sampled, facesDone));
        EdgeTelemetry.TracedFrame?.AddStage("face", before.Decoded, facesDone);
        var (found, persons) = (EventContent.Faces(faces), PersonRule.Count(faces));
        if (view.Models.Pose == PoseMode.Off || stream.Poses is not { } poses)
            return (new Findings(found, null, persons), facesDone, null);

        var pose = poses.Find(picture, view.DeviceId, view.Accepted, view.Models.Pose == PoseMode.Lite, grid);
        var poseDone = Stopwatch.GetTimestamp();
        stages.Done("pose", Stopwatch.GetElapsedTime(facesDone, poseDone));
        EdgeTelemetry.TracedFrame?.AddStage("pose", facesDone, poseDone);
        if (pose is not null)
            metrics.PoseFound(pose.IsTracked);
        var posed = EventContent.Poses(pose, faces, picture.Size, _withWorldLandmarks);
        return (new Findings(found, posed, persons), facesDone, poseDone);
    }

    private static double Milliseconds(long from, long to) =>
        Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMilliseconds, 3);
}
