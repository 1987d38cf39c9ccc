namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// MediaPipe's pose landmark models, which differ in their weights only. Figures: google-ai-edge/mediapipe v0.10.14,
/// mediapipe/modules/pose_landmark/pose_landmark_by_roi_cpu.pbtxt and tensors_to_pose_landmarks_and_segmentation.pbtxt.
/// </summary>
internal static class PoseModel
{
    /// <summary>Side of the square input, pixels.</summary>
    public const int InputSize = 256;

    /// <summary>Landmarks the models give: those of the pose, two auxiliary ones, and four that nobody uses.</summary>
    public const int RawLandmarkCount = 39;

    /// <summary>
    /// Values of each landmark: x, y, z in pixels of the input, then visibility and presence before the sigmoid.
    /// </summary>
    public const int ValuesPerLandmark = 5;

    /// <summary>Values of each world landmark: x, y, z in metres from the middle of the hips.</summary>
    public const int ValuesPerWorldLandmark = 3;

    /// <summary>Side of the square heatmap of each landmark.</summary>
    public const int HeatmapSize = 64;

    /// <summary>A pose is there when the presence flag is greater than this.</summary>
    public const float PresenceThreshold = 0.5f;

    public const string LandmarksOutput = "Identity";
    public const string PresenceOutput = "Identity_1";
    public const string HeatmapOutput = "Identity_3";
    public const string WorldLandmarksOutput = "Identity_4";

    /// <summary>
    /// Cells to either side of a landmark from which <see cref="HeatmapRefinement"/> takes the mean: kernel_size 7 of
    /// tensors_to_pose_landmarks_and_segmentation.pbtxt, which the web runtime has. The Python package of the same
    /// version behaves as with 9, the calculator's default (EdgeCloud.Tests/Parity/Python).
    /// </summary>
    public static int HeatmapReach(Sampling sampling) => sampling == Sampling.Corners ? 4 : 3;

    public static string FileName(PoseMode mode) => mode switch
    {
        PoseMode.Lite => "pose_landmark_lite.onnx",
        PoseMode.Full => "pose_landmark_full.onnx",
        PoseMode.Heavy => "pose_landmark_heavy.onnx",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no model for it."),
    };
}
