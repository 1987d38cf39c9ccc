using EdgeCloud.Edge.Inference.Poses;

namespace EdgeCloud.Edge.Inference.Streams;

/// <summary>
/// The stages that one frame goes through, with buffers of their own over shared sessions. Not thread-safe;
/// <see cref="InferencePool"/> hands it to one frame at a time.
/// </summary>
internal sealed class InferenceStream(FaceDetector faces, PoseEstimator? poses) : IDisposable
{
    public FaceDetector Faces => faces;

    /// <summary>Null when poses are off.</summary>
    public PoseEstimator? Poses => poses;

    public void Dispose()
    {
        faces.Dispose();
        poses?.Dispose();
    }
}
