using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// The square around a picture's centre that a detector looks at: the longer side of the picture, the rest filled with zeros
/// (mediapipe/calculators/tensor/image_to_tensor_utils.cc, keep_aspect_ratio).
/// </summary>
/// <param name="Width">The picture, pixels.</param>
/// <param name="Height">The picture, pixels.</param>
internal readonly record struct Letterbox(int Width, int Height)
{
    /// <summary>Side of the square, pixels of the picture.</summary>
    public int Side => Math.Max(Width, Height);

    /// <summary>Top left corner of the square in the picture, pixels; negative where there is a border.</summary>
    public Vector2 Origin => new((Width - Side) / 2f, (Height - Side) / 2f);

    /// <summary>From coordinates relative to the square to coordinates relative to the picture.</summary>
    public void Undo(ref Detection detection)
    {
        detection.Min = Undo(detection.Min);
        detection.Max = Undo(detection.Max);
        foreach (ref var keypoint in detection.Keypoints[..])
            keypoint = Undo(keypoint);
    }

    private Vector2 Undo(Vector2 relativeToSquare) => ((relativeToSquare * Side) + Origin) / new Vector2(Width, Height);
}
