using System.Diagnostics;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Streams;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.Edge.Tracking;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge;

/// <summary>Finds what is in a picture: the pose, and the faces, which it follows from frame to frame.</summary>
internal sealed class PictureAnalyzer(
    FaceTracker tracker, StageMetrics stages, FrameMetrics metrics, IOptions<InferenceOptions> options)
{
    private readonly bool _withWorldLandmarks = options.Value.WorldLandmarks;

    /// <summary>Those that are loaded, whatever is spared at the moment.</summary>
    public FaceRange AllFaceModels { get; } = options.Value.FaceRange;

    /// <param name="picture">The frame's.</param>
    /// <param name="input">Of the face model that looks first.</param>
    /// <param name="grid">What that one is about to see, as <see cref="LumaGrid"/>.</param>
    /// <param name="view">The frame.</param>
    /// <param name="stream">The models.</param>
    /// <param name="inTiles">
    /// Ends a look for faces in tiles too; null for the picture as a whole. A photo that is looked at so closely is no
    /// frame of a video, so its faces are not followed.
    /// </param>
    /// <returns>What was found, and how long each took to look.</returns>
    public (Findings Findings, TimeSpan Faces, TimeSpan? Pose) Analyze(
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
        var tracks = inTiles is null
            ? tracker.Follow(view.DeviceId, view.Accepted, picture.Size, faces)
            : new long?[faces.Count];
        var (found, persons) = (EventContent.Faces(faces, tracks), PersonRule.Count(faces));
        if (poses is null)
            return (new Findings(found, null, persons), tookFaces, null);

        stages.Done("pose", tookPose);
        EdgeTelemetry.TracedFrame?.AddStage("pose", started, poseDone);
        if (pose is not null)
            metrics.PoseFound(pose.IsTracked);
        var posed = EventContent.Poses(pose, faces, picture.Size, _withWorldLandmarks);
        return (new Findings(found, posed, persons), tookFaces, tookPose);
    }
}
