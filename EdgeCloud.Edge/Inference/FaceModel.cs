namespace EdgeCloud.Edge.Inference;

/// <summary>
/// What is particular to one of MediaPipe's face detection models. Figures: google-ai-edge/mediapipe v0.10.14,
/// mediapipe/modules/face_detection/face_detection_short_range.pbtxt and face_detection_full_range.pbtxt.
/// </summary>
/// <param name="FileName">The ONNX file in the models directory.</param>
/// <param name="InputSize">Side of the square input, pixels.</param>
/// <param name="Anchors">The anchor layers.</param>
/// <param name="RegressorsOutput">The output with the boxes and key points, [1, anchors, <see cref="ValuesPerAnchor"/>].</param>
/// <param name="ClassificatorsOutput">The output with the scores before the sigmoid, [1, anchors, 1].</param>
internal sealed record FaceModel(string FileName, int InputSize, AnchorLayout Anchors, string RegressorsOutput, string ClassificatorsOutput)
{
    /// <summary>Values per anchor in the regressors: x, y, width, height, then x and y of each key point.</summary>
    public const int ValuesPerAnchor = 4 + (2 * Detection.KeypointCount);

    public static readonly FaceModel ShortRange = new(
        "face_detection_short_range.onnx", 128, new AnchorLayout([8, 16, 16, 16], AnchorsPerLayer: 2), "regressors", "classificators");

    /// <summary>The sparse file: the one MediaPipe itself loads.</summary>
    public static readonly FaceModel FullRange = new(
        "face_detection_full_range_sparse.onnx", 192, new AnchorLayout([4], AnchorsPerLayer: 1), "Identity", "Identity_1");

    public static FaceModel For(FaceRange range) => range == FaceRange.Full ? FullRange : ShortRange;
}
