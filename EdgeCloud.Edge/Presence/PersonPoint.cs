using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Presence;

/// <summary>
/// Where a person is, relative to the frame: the middle of the face, or between the feet where a pose shows them.
/// </summary>
internal static class PersonPoint
{
    /// <summary>MediaPipe's landmarks of ankles, heels and toes, the left foot's first of each two.</summary>
    private const int FirstOfFeet = 27;

    private const int LastOfFeet = 32;

    private const int Nose = 0;

    /// <summary>A landmark that is less likely to be visible does not show.</summary>
    private const double MinVisibility = 0.5;

    public static Point OfFace(Face face) => new(face.Xmin + (face.Width / 2), face.Ymin + (face.Height / 2));

    /// <returns>The face that a pose belongs to, and its feet; null where there is none, or it shows no feet.</returns>
    public static (int Face, Point Feet)? OfPoses(IReadOnlyList<PersonPose>? poses, IReadOnlyList<Face> faces)
    {
        if (poses is not [{ ConfirmedByFace: true } pose, ..] || pose.Landmarks.Count <= LastOfFeet)
            return null;
        double x = 0, y = 0;
        var seen = 0;
        for (var i = FirstOfFeet; i <= LastOfFeet; i++)
        {
            var landmark = pose.Landmarks[i];
            if (landmark.Visibility < MinVisibility)
                continue;
            (x, y, seen) = (x + landmark.X, y + landmark.Y, seen + 1);
        }

        var nearest = Nearest(faces, pose.Landmarks[Nose]);
        return seen == 0 || nearest < 0
            ? null
            : (nearest, new Point(x / seen, y / seen));
    }

    /// <returns>The face whose middle is nearest to the nose, which lies in it; -1 where there is none.</returns>
    private static int Nearest(IReadOnlyList<Face> faces, Landmark nose)
    {
        var (nearest, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i];
            if (nose.X < face.Xmin || nose.X > face.Xmin + face.Width
                || nose.Y < face.Ymin || nose.Y > face.Ymin + face.Height)
                continue;
            var (dx, dy) = (face.Xmin + (face.Width / 2) - nose.X, face.Ymin + (face.Height / 2) - nose.Y);
            var distance = (dx * dx) + (dy * dy);
            if (distance < least)
                (nearest, least) = (i, distance);
        }

        return nearest;
    }
}
