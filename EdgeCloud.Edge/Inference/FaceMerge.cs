using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// What two models found in one picture as one list. Where both found a face, the short range model's box, score and
/// key points stay. What only the full range model found is added. What only the short range model found counts if it
/// is wide or sure: it sees faces where there are none, mostly small ones and none too sure, while the full range model
/// misses faces that fill the picture. The figures behind the constants are in docs/benchmarks.md.
/// </summary>
internal static class FaceMerge
{
    /// <summary>
    /// Intersection over union above which two boxes are one face: that of MediaPipe's own non-max suppression. The
    /// short range model's box of a small face is up to twice as wide and may hold two heads; below this it is dropped
    /// and both are counted.
    /// </summary>
    public const float MinOverlap = 0.3f;

    /// <summary>Relative to the picture's longer side, which is the side of what the models see.</summary>
    public const float WideFace = 0.7f;

    public const float SureScore = 0.8f;

    private static readonly Comparison<Detection> BestFirst = static (a, b) => b.Score.CompareTo(a.Score);

    /// <param name="shortRange">What the short range model found, relative to the picture.</param>
    /// <param name="fullRange">What the full range model found, relative to the picture.</param>
    /// <param name="pictureSize">Pixels.</param>
    /// <param name="merged">Receives the faces, best first.</param>
    /// <param name="wideFace">What only the short range model found counts if it is wider.</param>
    /// <param name="sureScore">Or if its score is at least this.</param>
    public static void Apply(
        IReadOnlyList<Detection> shortRange, IReadOnlyList<Detection> fullRange, Vector2 pictureSize,
        List<Detection> merged, float wideFace = WideFace, float sureScore = SureScore)
    {
        merged.Clear();
        for (var i = 0; i < shortRange.Count; i++)
        {
            var face = shortRange[i];
            if (IsWide(face, pictureSize, wideFace) || face.Score >= sureScore || Overlaps(face, fullRange))
                merged.Add(face);
        }

        var kept = merged.Count;
        for (var i = 0; i < fullRange.Count; i++)
        {
            if (!IsKnown(fullRange[i], merged, kept))
                merged.Add(fullRange[i]);
        }

        merged.Sort(BestFirst);
    }

    private static bool IsWide(in Detection face, Vector2 pictureSize, float wideFace) =>
        face.Size.X * pictureSize.X > wideFace * Math.Max(pictureSize.X, pictureSize.Y);

    /// <summary>
    /// Of a face that fills the picture the full range model may find a part, which overlaps the whole little.
    /// </summary>
    private static bool IsKnown(in Detection face, List<Detection> merged, int kept)
    {
        var center = (face.Min + face.Max) / 2;
        for (var i = 0; i < kept; i++)
        {
            var known = merged[i];
            if (face.IntersectionOverUnion(known) > MinOverlap || Vector2.Clamp(center, known.Min, known.Max) == center)
                return true;
        }

        return false;
    }

    private static bool Overlaps(in Detection face, IReadOnlyList<Detection> others)
    {
        for (var i = 0; i < others.Count; i++)
        {
            if (face.IntersectionOverUnion(others[i]) > MinOverlap)
                return true;
        }

        return false;
    }
}
