namespace EdgeCloud.Edge.Inference;

/// <summary>
/// What is particular to one of MediaPipe's detectors. Figures: google-ai-edge/mediapipe v0.10.14,
/// mediapipe/modules/face_detection/face_detection_short_range.pbtxt and face_detection_full_range.pbtxt,
/// mediapipe/modules/pose_detection/pose_detection_cpu.pbtxt.
/// </summary>
/// <param name="FileName">The ONNX file in the models directory.</param>
/// <param name="InputSize">Side of the square input, pixels.</param>
/// <param name="Anchors">The anchor layers.</param>
/// <param name="KeypointCount">Key points of each detection.</param>
/// <param name="RegressorsOutput">The output with the boxes and key points, [1, anchors,
/// <see cref="ValuesPerAnchor"/>].</param>
/// <param name="ClassificatorsOutput">The output with the scores before the sigmoid, [1, anchors, 1].</param>
internal sealed record DetectorModel(
    string FileName, int InputSize, AnchorLayout Anchors, int KeypointCount, string RegressorsOutput,
    string ClassificatorsOutput)
{
    /// <summary>min_score_thresh of pose_detection_cpu.pbtxt.</summary>
    public const float PoseThreshold = 0.5f;

    public static readonly DetectorModel FaceShortRange = new(
        "face_detection_short_range.onnx", 128, new AnchorLayout([8, 16, 16, 16], AnchorsPerLayer: 2), 6,
        "regressors", "classificators");

    /// <summary>
    /// min_score_thresh of face_detection_full_range.pbtxt. MediaPipe for Python looks at no lower score, though asked
    /// for with min_detection_confidence (EdgeCloud.Tests/Parity/Python).
    /// </summary>
    private const float PythonFullRangeThreshold = 0.6f;

    /// <summary>The sparse file: the one MediaPipe itself loads.</summary>
    public static readonly DetectorModel FaceFullRange = new(
        "face_detection_full_range_sparse.onnx", 192, new AnchorLayout([4], AnchorsPerLayer: 1), 6,
        "Identity", "Identity_1")
    { Range = FaceRange.Full };

    public static readonly DetectorModel Pose = new(
        "pose_detection.onnx", 224, new AnchorLayout([8, 16, 32, 32, 32], AnchorsPerLayer: 2), 4,
        "Identity", "Identity_1");

    /// <summary>Values per anchor in the regressors: x, y, width, height, then x and y of each key point.</summary>
    public int ValuesPerAnchor => 4 + (2 * KeypointCount);

    /// <summary>Of a face model.</summary>
    public FaceRange Range { get; private init; }

    /// <param name="threshold">The lowest score that is asked for.</param>
    /// <param name="sampling">Whose results are wanted.</param>
    /// <returns>The lowest score that counts, and is averaged.</returns>
    public float LowestScore(float threshold, Sampling sampling) =>
        sampling == Sampling.Corners && this == FaceFullRange
            ? Math.Max(threshold, PythonFullRangeThreshold) : threshold;
}
