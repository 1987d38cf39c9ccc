using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeCloud.Edge.Inference;

/// <summary>One detection. The coordinate frame is said by whoever hands it out: first the model's input, after the letterbox is undone the picture; 0..1 either way.</summary>
internal struct Detection
{
    public const int KeypointCount = 6;

    public float Score;
    public Vector2 Min;
    public Vector2 Max;
    public KeypointArray Keypoints;

    /// <summary>Right eye, left eye, nose tip, mouth centre, right ear tragion, left ear tragion.</summary>
    [InlineArray(KeypointCount)]
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
}
