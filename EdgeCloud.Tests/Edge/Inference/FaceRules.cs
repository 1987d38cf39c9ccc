using System.Numerics;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Tests.Edge.Inference;

/// <summary>Ways to make one list of faces from those of two models, to be compared with each other.</summary>
internal static class FaceRules
{
    /// <summary>A score that no face has.</summary>
    private const float Never = 2;

    public const string AsMerged = "both, as the edge merges them";

    public static IReadOnlyList<(string Name, Rule Merge)> All { get; } =
    [
        ("short range", (near, _, _, found) => found.AddRange(near)),
        ("full range", (_, far, _, found) => found.AddRange(far)),
        ("all that either finds", With(0, Never)),
        .. ((float[])[0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f]).Select(wide =>
            (FormattableString.Invariant($"full, and short wider than {wide}"), With(wide, Never))),
        .. ((float[])[0.7f, 0.8f, 0.9f]).Select(sure =>
            (FormattableString.Invariant($"full, and short of {sure} or more"), With(Never, sure))),
        .. from wide in (float[])[0.6f, 0.7f, 0.8f]
           from sure in (float[])[0.75f, 0.8f, 0.85f]
           select (
               FormattableString.Invariant($"full, and short wider than {wide} or of {sure} or more"),
               With(wide, sure)),
        (AsMerged, With(FaceMerge.WideFace, FaceMerge.SureScore)),
    ];

    public delegate void Rule(
        IReadOnlyList<Detection> near, IReadOnlyList<Detection> far, Vector2 pictureSize, List<Detection> found);

    /// <returns>What each rule makes of the pictures, in the order of <see cref="All"/>.</returns>
    public static FaceCount[] Count(Detector near, Detector far, IEnumerable<FacePicture> pictures)
    {
        var counts = new FaceCount[All.Count];
        List<Detection> found = [];
        foreach (var picture in pictures)
        {
            using (picture)
            {
                var pixels = Picture.Of(picture.Pixels);
                var (nearFaces, farFaces) = (near.Detect(pixels), far.Detect(pixels));
                for (var i = 0; i < counts.Length; i++)
                {
                    found.Clear();
                    All[i].Merge(nearFaces, farFaces, pixels.Size, found);
                    counts[i] = counts[i].With(picture, found);
                }
            }
        }

        return counts;
    }

    private static Rule With(float wide, float sure) =>
        (near, far, pictureSize, found) => FaceMerge.Apply(near, far, pictureSize, found, wide, sure);
}

/// <summary>What a rule makes of a kind of pictures.</summary>
/// <param name="Pictures">How many there are.</param>
/// <param name="Found">In how many the face is found; where it is not known where faces are, any.</param>
/// <param name="Faces">How many faces are found in all.</param>
/// <param name="False">How many of them are no face, or the same one again, as far as that is known.</param>
internal readonly record struct FaceCount(int Pictures, int Found, int Faces, int False)
{
    public FaceCount With(FacePicture picture, List<Detection> found)
    {
        var right = Math.Min(1, picture.Face is { } face ? found.Count(detection => IsAt(detection, face))
            : picture.IsKnown ? 0 : found.Count);
        return new FaceCount(
            Pictures + 1, Found + right, Faces + found.Count, False + (picture.IsKnown ? found.Count - right : 0));
    }

    /// <summary>Its middle within half a face of the face's, and between half as wide and twice.</summary>
    private static bool IsAt(in Detection detection, (Vector2 Center, Vector2 Size) face)
    {
        var away = Vector2.Abs(((detection.Min + detection.Max) / 2) - face.Center) / face.Size;
        var width = detection.Size.X / face.Size.X;
        return away is { X: < 0.5f, Y: < 0.5f } && width is > 0.5f and < 2;
    }
}
