using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// The square part of a picture that a model looks at. It may be turned, and may reach beyond the picture.
/// </summary>
internal readonly record struct RegionOfInterest
{
    /// <summary>
    /// scale_x and scale_y of mediapipe/modules/pose_landmark/pose_detection_to_roi.pbtxt and
    /// pose_landmarks_to_roi.pbtxt.
    /// </summary>
    private const float PersonScale = 1.25f;

    private readonly Vector2 _origin;
    private readonly Vector2 _down;

    /// <param name="center">Pixels of the picture.</param>
    /// <param name="side">Pixels of the picture.</param>
    /// <param name="rotation">Radians, clockwise as seen.</param>
    public RegionOfInterest(Vector2 center, float side, float rotation)
    {
        var (sin, cos) = MathF.SinCos(rotation);
        Center = center;
        Side = side;
        Rotation = rotation;
        Right = new Vector2(cos, sin) * side;
        _down = new Vector2(-sin, cos) * side;
        _origin = center - ((Right + _down) / 2);
    }

    /// <summary>Pixels of the picture.</summary>
    public Vector2 Center { get; }

    public float Side { get; }

    public float Rotation { get; }

    /// <summary>From the region's left edge to its right one, pixels of the picture.</summary>
    public Vector2 Right { get; }

    /// <summary>
    /// The square around the centre of a whole picture, as long as the picture's longer side
    /// (mediapipe/calculators/tensor/image_to_tensor_utils.cc, keep_aspect_ratio).
    /// </summary>
    public static RegionOfInterest Letterbox(int width, int height) =>
        new(new Vector2(width, height) / 2, Math.Max(width, height), 0);

    /// <summary>
    /// The square around a person, turned so that the person stands upright in it
    /// (mediapipe/calculators/util/alignment_points_to_rects_calculator.cc and rect_transformation_calculator.cc).
    /// </summary>
    /// <param name="center">The middle of the hips, pixels of the picture.</param>
    /// <param name="rim">Above the head, on the circle around the whole person, pixels of the picture.</param>
    public static RegionOfInterest AroundPerson(Vector2 center, Vector2 rim)
    {
        var toRim = rim - center;
        return new RegionOfInterest(
            center, PersonSize(center, rim) * PersonScale, Wrap((MathF.PI / 2) - MathF.Atan2(-toRim.Y, toRim.X)));
    }

    /// <summary>Diameter of the circle around the person, pixels of the picture.</summary>
    public static float PersonSize(Vector2 center, Vector2 rim) => 2 * Vector2.Distance(center, rim);

    /// <summary>From coordinates relative to the region, 0..1, to pixels of the picture.</summary>
    public Vector2 ToPicture(Vector2 relativeToRegion) =>
        (relativeToRegion.X * Right) + (relativeToRegion.Y * _down) + _origin;

    /// <summary>From the region's directions to the picture's, for coordinates whose origin stays.</summary>
    public Vector3 Turn(Vector3 relativeToRegion)
    {
        var (sin, cos) = MathF.SinCos(Rotation);
        return relativeToRegion with
        {
            X = (cos * relativeToRegion.X) - (sin * relativeToRegion.Y),
            Y = (sin * relativeToRegion.X) + (cos * relativeToRegion.Y),
        };
    }

    /// <summary>The same angle from -π up to, not including, π.</summary>
    private static float Wrap(float radians) =>
        (float)(radians - (2 * Math.PI * Math.Floor((radians + Math.PI) / (2 * Math.PI))));
}
