using EdgeCloud.Contract;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Edge.Events;

/// <summary>From the detector's faces to those of the event.</summary>
internal static class FaceEvents
{
    public static Face[] From(IReadOnlyList<Detection> detections)
    {
        var faces = new Face[detections.Count];
        for (var i = 0; i < faces.Length; i++)
            faces[i] = From(detections[i]);
        return faces;
    }

    private static Face From(in Detection detection) => new()
    {
        Conf = WireNumbers.Relative(detection.Score),
        Xmin = WireNumbers.Relative(detection.Min.X),
        Ymin = WireNumbers.Relative(detection.Min.Y),
        Width = WireNumbers.Relative(detection.Size.X),
        Height = WireNumbers.Relative(detection.Size.Y),
        Keypoints = new FaceKeypoints
        {
            RightEye = WireNumbers.Relative(detection.Keypoints[0]),
            LeftEye = WireNumbers.Relative(detection.Keypoints[1]),
            NoseTip = WireNumbers.Relative(detection.Keypoints[2]),
            MouthCenter = WireNumbers.Relative(detection.Keypoints[3]),
            RightEarTragion = WireNumbers.Relative(detection.Keypoints[4]),
            LeftEarTragion = WireNumbers.Relative(detection.Keypoints[5]),
        },
    };
}
