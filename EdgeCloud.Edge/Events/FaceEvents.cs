using System.Numerics;
using EdgeCloud.Edge.Inference;
using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Edge.Events;

/// <summary>From the detector's faces to those of the event.</summary>
internal static class FaceEvents
{
    /// <summary>1e-5 of the frame is a hundredth of a pixel at 1000 pixels: what the numbers mean, and no more.</summary>
    private const int Decimals = 5;

    public static Face[] From(IReadOnlyList<Detection> detections)
    {
        var faces = new Face[detections.Count];
        for (var i = 0; i < faces.Length; i++)
            faces[i] = From(detections[i]);
        return faces;
    }

    private static Face From(in Detection detection) => new()
    {
        Conf = Round(detection.Score),
        Xmin = Round(detection.Min.X),
        Ymin = Round(detection.Min.Y),
        Width = Round(detection.Size.X),
        Height = Round(detection.Size.Y),
        Keypoints = new FaceKeypoints
        {
            RightEye = Round(detection.Keypoints[0]),
            LeftEye = Round(detection.Keypoints[1]),
            NoseTip = Round(detection.Keypoints[2]),
            MouthCenter = Round(detection.Keypoints[3]),
            RightEarTragion = Round(detection.Keypoints[4]),
            LeftEarTragion = Round(detection.Keypoints[5]),
        },
    };

    private static Point Round(Vector2 point) => new(Round(point.X), Round(point.Y));

    private static double Round(float value) => Math.Round((double)value, Decimals);
}
