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
    private readonly List<Detection> _near = [];
    private readonly List<Detection> _far = [];
    private readonly List<RegionOfInterest> _tiles = [];
    private readonly FaceLooks _looks = new();

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

    /// <summary>The same over the whole picture and over each of <see cref="FaceTiles"/>.</summary>
    /// <param name="picture">The one that was sampled last.</param>
    /// <param name="input">The newest of <see cref="Sample"/>.</param>
    /// <param name="range">The same as then.</param>
    /// <param name="cancellationToken">Ends it between two tiles.</param>
    /// <returns>The faces, best first, relative to the picture; valid until the next call.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<Detection> DetectInTiles(
        Picture picture, DetectorInput input, FaceRange range, CancellationToken cancellationToken)
    {
        _looks.Clear();
        Add(Detect(picture, input, range), isOfWhole: true);
        FaceTiles.Place(picture.Width, picture.Height, _tiles);
        foreach (var tile in _tiles)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(DetectInTile(picture, tile, range), isOfWhole: false);
        }

        _looks.Merge(_merged);
        return _merged;
    }

    public void Dispose()
    {
        shortRange?.Dispose();
        fullRange?.Dispose();
    }

    /// <summary>A face that is wide in a tile is in a larger one too, and has to be sure there.</summary>
    private List<Detection> DetectInTile(Picture picture, RegionOfInterest tile, FaceRange range)
    {
        FindWhole(range == FaceRange.Full ? null : shortRange, picture, tile, _near);
        FindWhole(range == FaceRange.Short ? null : fullRange, picture, tile, _far);
        if (range != FaceRange.Both)
            return range == FaceRange.Full ? _far : _near;

        FaceMerge.Apply(_near, _far, picture.Size, _merged, wideFace: float.PositiveInfinity);
        return _merged;
    }

    private static void FindWhole(Detector? detector, Picture picture, RegionOfInterest tile, List<Detection> found)
    {
        found.Clear();
        foreach (var face in detector?.Detect(detector.Sample(picture, tile)) ?? [])
        {
            if (!FaceTiles.Cuts(tile, face, picture.Size))
                found.Add(face);
        }
    }

    private void Add(IReadOnlyList<Detection> faces, bool isOfWhole)
    {
        for (var i = 0; i < faces.Count; i++)
            _looks.Add(faces[i], isOfWhole);
    }

    private Detector First(FaceRange range) => range == FaceRange.Full ? fullRange! : shortRange!;
}
