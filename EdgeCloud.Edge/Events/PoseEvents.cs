using System.Numerics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Landmark = EdgeCloud.Contract.Landmark;

namespace EdgeCloud.Edge.Events;

/// <summary>From the estimator's pose to those of the event.</summary>
internal static class PoseEvents
{
    /// <param name="pose">Null where there is none.</param>
    /// <param name="faces">The faces of the same frame.</param>
    /// <param name="pictureSize">Pixels.</param>
    /// <param name="withWorldLandmarks">Whether to add the landmarks in metres.</param>
    public static PersonPose[] From(Pose? pose, IReadOnlyList<Detection> faces, Vector2 pictureSize, bool withWorldLandmarks)
    {
        if (pose is null)
            return [];

        var landmarks = new Landmark[pose.Landmarks.Length];
        for (var i = 0; i < landmarks.Length; i++)
        {
            var position = pose.Landmarks[i].PicturePosition;
            landmarks[i] = new Landmark(
                WireNumbers.Relative(position.X / pictureSize.X),
                WireNumbers.Relative(position.Y / pictureSize.Y),
                WireNumbers.Relative(position.Z / pictureSize.X),
                WireNumbers.Visibility(pose.Landmarks[i].Visibility));
        }

        return
        [
            new PersonPose
            {
                Conf = WireNumbers.Relative(pose.Confidence),
                ConfirmedByFace = PersonRule.IsConfirmed(pose, faces, pictureSize),
                Landmarks = landmarks,
                WorldLandmarks = withWorldLandmarks ? World(pose.WorldLandmarks) : null,
            },
        ];
    }

    private static WorldLandmark[] World(ReadOnlySpan<Vector3> positions)
    {
        var landmarks = new WorldLandmark[positions.Length];
        for (var i = 0; i < landmarks.Length; i++)
            landmarks[i] = new WorldLandmark(WireNumbers.Metres(positions[i].X), WireNumbers.Metres(positions[i].Y), WireNumbers.Metres(positions[i].Z));
        return landmarks;
    }
}
