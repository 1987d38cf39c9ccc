using System.Numerics;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;

namespace EdgeCloud.Edge.Events;

/// <summary>
/// What counts as a person: a valid face, which is one at or above Edge:Inference:FaceThreshold, and nothing else. A
/// pose adds no person; it is reported with whether a face confirms it, that is whether its nose, eyes and ears are all
/// visible and all lie in the box of one of the faces.
/// </summary>
internal static class PersonRule
{
    /// <summary>A landmark is visible above this.</summary>
    public const float MinVisibility = 0.5f;

    /// <summary>
    /// How far beyond the face's box a landmark may lie, in parts of the box's size, its edge included. The short range
    /// model's box is tight: in thirty pictures made from the photo of the tests, a person's own ears reach up to 0.03
    /// beyond it, and the head of the person beside is at least 2 away.
    /// </summary>
    public const float Tolerance = 0.1f;

    private static ReadOnlySpan<int> Head => [Pose.Nose, Pose.LeftEye, Pose.RightEye, Pose.LeftEar, Pose.RightEar];

    public static int Count(IReadOnlyList<Detection> faces) => faces.Count;

    public static bool IsConfirmed(Pose pose, IReadOnlyList<Detection> faces, Vector2 pictureSize)
    {
        for (var i = 0; i < faces.Count; i++)
        {
            if (IsConfirmed(pose, faces[i], pictureSize))
                return true;
        }

        return false;
    }

    private static bool IsConfirmed(Pose pose, in Detection face, Vector2 pictureSize)
    {
        var min = (face.Min - (face.Size * Tolerance)) * pictureSize;
        var max = (face.Max + (face.Size * Tolerance)) * pictureSize;
        foreach (var index in Head)
        {
            var landmark = pose.Landmarks[index];
            var (x, y) = (landmark.PicturePosition.X, landmark.PicturePosition.Y);
            if (!(landmark.Visibility > MinVisibility && x >= min.X && x <= max.X && y >= min.Y && y <= max.Y))
                return false;
        }

        return true;
    }
}
