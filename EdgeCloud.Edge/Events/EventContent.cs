using System.Numerics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Landmark = EdgeCloud.Contract.Landmark;

namespace EdgeCloud.Edge.Events;

/// <summary>From what the models found to what the event says, each number rounded to what it means.</summary>
internal static class EventContent
{
    /// <param name="detections">Relative to the picture.</param>
    /// <param name="tracks">The track of each; null where it has none.</param>
    public static Face[] Faces(IReadOnlyList<Detection> detections, ReadOnlySpan<long?> tracks)
    {
        var faces = new Face[detections.Count];
        for (var i = 0; i < faces.Length; i++)
            faces[i] = FaceOf(detections[i], tracks[i]);
        return faces;
    }

    /// <param name="pose">Null where there is none.</param>
    /// <param name="faces">The faces of the same frame.</param>
    /// <param name="pictureSize">Pixels.</param>
    /// <param name="withWorldLandmarks">Whether to add the landmarks in metres.</param>
    public static PersonPose[] Poses(
        Pose? pose, IReadOnlyList<Detection> faces, Vector2 pictureSize, bool withWorldLandmarks)
    {
        if (pose is null)
            return [];

        var landmarks = new Landmark[pose.Landmarks.Length];
        for (var i = 0; i < landmarks.Length; i++)
        {
            var position = pose.Landmarks[i].PicturePosition;
            landmarks[i] = new Landmark(
                Relative(position.X / pictureSize.X),
                Relative(position.Y / pictureSize.Y),
                Relative(position.Z / pictureSize.X),
                Visibility(pose.Landmarks[i].Visibility));
        }

        return
        [
            new PersonPose
            {
                Conf = Relative(pose.Confidence),
                ConfirmedByFace = PersonRule.IsConfirmed(pose, faces, pictureSize),
                Landmarks = landmarks,
                WorldLandmarks = withWorldLandmarks ? World(pose.WorldLandmarks) : null,
            },
        ];
    }

    private static Face FaceOf(in Detection detection, long? track) => new()
    {
        Conf = Relative(detection.Score),
        Xmin = Relative(detection.Min.X),
        Ymin = Relative(detection.Min.Y),
        Width = Relative(detection.Size.X),
        Height = Relative(detection.Size.Y),
        Keypoints = new FaceKeypoints
        {
            RightEye = Relative(detection.Keypoints[0]),
            LeftEye = Relative(detection.Keypoints[1]),
            NoseTip = Relative(detection.Keypoints[2]),
            MouthCenter = Relative(detection.Keypoints[3]),
            RightEarTragion = Relative(detection.Keypoints[4]),
            LeftEarTragion = Relative(detection.Keypoints[5]),
        },
        Model = detection.Range == FaceRange.Full ? FaceModel.Full : FaceModel.Short,
        TrackId = track,
    };

    private static WorldLandmark[] World(ReadOnlySpan<Vector3> positions)
    {
        var landmarks = new WorldLandmark[positions.Length];
        for (var i = 0; i < landmarks.Length; i++)
            landmarks[i] = new WorldLandmark(Metres(positions[i].X), Metres(positions[i].Y), Metres(positions[i].Z));
        return landmarks;
    }

    /// <summary>To 1e-5 of the frame, a hundredth of a pixel at 1000 pixels; scores and presence likewise.</summary>
    private static double Relative(float value) => Math.Round((double)value, 5);

    private static Point Relative(Vector2 point) => new(Relative(point.X), Relative(point.Y));

    /// <summary>To 1e-3: nobody asks for a visibility of 0.5 more exactly.</summary>
    private static double Visibility(float value) => Math.Round((double)value, 3);

    /// <summary>To a tenth of a millimetre.</summary>
    private static double Metres(float value) => Math.Round((double)value, 4);
}
