namespace EdgeCloud.Edge.Inference;

/// <summary>
/// One stream of looking for faces, with MediaPipe's short range model, its full range model, or both and
/// <see cref="FaceMerge"/>. Allocates nothing per frame. Not thread-safe.
/// </summary>
/// <param name="shortRange">Null where the full range model is the only one.</param>
/// <param name="fullRange">Null where the short range model is the only one.</param>
internal sealed class FaceDetector(Detector? shortRange, Detector? fullRange) : IDisposable
{
    private readonly List<Detection> _merged = [];

    /// <param name="picture">The frame.</param>
    /// <param name="range">What to look with, of the models that there are.</param>
    /// <returns>What the first of the models is to see of it; valid until the next call.</returns>
    public DetectorInput Sample(Picture picture, FaceRange range) => First(range).Sample(picture);

    /// <param name="picture">The one that was sampled last.</param>
    /// <param name="input">The newest of <see cref="Sample"/>.</param>
    /// <param name="range">The same as then.</param>
    /// <returns>The faces, best first, relative to the picture; valid until the next call.</returns>
    public IReadOnlyList<Detection> Detect(Picture picture, DetectorInput input, FaceRange range)
    {
        var faces = First(range).Detect(input);
        if (range != FaceRange.Both)
            return faces;

        FaceMerge.Apply(faces, fullRange!.Detect(picture), picture.Size, _merged);
        return _merged;
    }

    public void Dispose()
    {
        shortRange?.Dispose();
        fullRange?.Dispose();
    }

    private Detector First(FaceRange range) => range == FaceRange.Full ? fullRange! : shortRange!;
}
