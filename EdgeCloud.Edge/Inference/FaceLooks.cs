using System.Numerics;

namespace EdgeCloud.Edge.Inference;

/// <summary>
/// What the looks at a picture and at its tiles found as one list. Of what shows the same face the best stays. What was
/// found over the whole picture counts; what only tiles show counts if two of them do and it is likely, or if it is
/// sure: with the number of tiles that of false faces grows, and almost all of them are seen once. The figures behind
/// the constants are in docs/benchmarks.md. Not thread-safe.
/// </summary>
internal sealed class FaceLooks
{
    public const float LikelyScore = 0.7f;

    /// <summary>Of a face that a single tile shows.</summary>
    public const float SureScore = 0.85f;

    private static readonly Comparison<Look> BestFirst = static (a, b) => b.Face.Score.CompareTo(a.Face.Score);

    private readonly List<Look> _looks = [];

    public void Clear() => _looks.Clear();

    /// <param name="face">Relative to the picture.</param>
    /// <param name="isOfWhole">Whether it was found over the whole picture, and not in a tile.</param>
    public void Add(in Detection face, bool isOfWhole) => _looks.Add(new Look(face, Times: 1, isOfWhole));

    /// <param name="faces">Receives the faces, best first, relative to the picture.</param>
    public void Merge(List<Detection> faces)
    {
        faces.Clear();
        _looks.Sort(BestFirst);
        var kept = 0;
        for (var i = 0; i < _looks.Count; i++)
        {
            var look = _looks[i];
            if (SameFace(look.Face, kept) is not { } known)
                _looks[kept++] = look;
            else
                _looks[known] = _looks[known] with
                {
                    Times = _looks[known].Times + 1,
                    IsOfWhole = _looks[known].IsOfWhole || look.IsOfWhole,
                };
        }

        for (var i = 0; i < kept; i++)
        {
            if (Counts(_looks[i]))
                faces.Add(_looks[i].Face);
        }
    }

    private static bool Counts(in Look look) =>
        look.IsOfWhole || look.Face.Score >= SureScore || (look.Times > 1 && look.Face.Score >= LikelyScore);

    /// <returns>Which of the first so many it is; null for none of them.</returns>
    private int? SameFace(in Detection face, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var known = _looks[i].Face;
            if (face.IntersectionOverUnion(known) > FaceMerge.MinOverlap || Holds(known, face) || Holds(face, known))
                return i;
        }

        return null;
    }

    /// <summary>
    /// Of a small face the short range model's box may be twice as wide as the one that a tile shows, and overlap it
    /// little.
    /// </summary>
    private static bool Holds(in Detection outer, in Detection inner)
    {
        var center = (inner.Min + inner.Max) / 2;
        return Vector2.Clamp(center, outer.Min, outer.Max) == center;
    }

    /// <param name="Face">The best of it.</param>
    /// <param name="Times">How often it was found.</param>
    /// <param name="IsOfWhole">Whether once over the whole picture.</param>
    private readonly record struct Look(Detection Face, int Times, bool IsOfWhole);
}
