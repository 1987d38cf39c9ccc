using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// One detection. The coordinate frame is said by whoever hands it out: first the model's input, after the letterbox is
/// undone the picture; 0..1 either way.
/// </summary>
internal struct Detection
{
    /// <summary>
    /// Room for as many key points as the model with the most of them has; those beyond a model's own mean nothing.
    /// </summary>
    public const int MaxKeypoints = 6;

    /// <summary>Of a face: which model found it.</summary>
    public FaceRange Range;

    public float Score;
    public Vector2 Min;
    public Vector2 Max;
    public KeypointArray Keypoints;

    /// <summary>
    /// Of a face: right eye, left eye, nose tip, mouth centre, right ear tragion, left ear tragion. Of a
    /// pose: the middle of the hips, a point above the head on the circle around the whole person, and the
    /// same two for the upper body.
    /// </summary>
    [InlineArray(MaxKeypoints)]
    public struct KeypointArray
    {
        private Vector2 _first;
    }

    public readonly Vector2 Size => Max - Min;

    /// <summary>Intersection over union of the two boxes, 0 when either is empty.</summary>
    public readonly float IntersectionOverUnion(in Detection other)
    {
        var overlap = Vector2.Max(Vector2.Min(Max, other.Max) - Vector2.Max(Min, other.Min), Vector2.Zero);
        var intersection = overlap.X * overlap.Y;
        var union = (Size.X * Size.Y) + (other.Size.X * other.Size.Y) - intersection;
        return union > 0 ? intersection / union : 0;
    }

    /// <summary>
    /// From coordinates relative to a region to coordinates relative to the picture that it is part of.
    /// </summary>
    /// <param name="region">The region, upright.</param>
    /// <param name="pictureSize">Pixels.</param>
    public void Undo(in RegionOfInterest region, Vector2 pictureSize)
    {
        Min = region.ToPicture(Min) / pictureSize;
        Max = region.ToPicture(Max) / pictureSize;
        foreach (ref var keypoint in Keypoints[..])
            keypoint = region.ToPicture(keypoint) / pictureSize;
    }
}
