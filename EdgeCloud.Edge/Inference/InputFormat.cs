namespace EdgeCloud.Edge.Inference;

/// <summary>
/// How a model wants its pixels: value × <paramref name="Scale"/> + <paramref name="Offset"/>, and what lies
/// beyond the picture's edge.
/// </summary>
/// <param name="Scale">Applied to a value of 0..255.</param>
/// <param name="Offset">Added after the scale.</param>
/// <param name="ZeroBorder">Zeros, before the scale, beyond the edge; otherwise the edge's own pixels go on.</param>
internal sealed record InputFormat(float Scale, float Offset, bool ZeroBorder)
{
    /// <summary>[-1, 1] and BORDER_ZERO of face_detection.pbtxt and pose_detection_cpu.pbtxt.</summary>
    public static readonly InputFormat Detection = new(2f / 255f, -1f, ZeroBorder: true);

    /// <summary>[0, 1] and no border_mode, which means to replicate, of pose_landmark_by_roi_cpu.pbtxt.</summary>
    public static readonly InputFormat Landmarks = new(1f / 255f, 0f, ZeroBorder: false);
}
