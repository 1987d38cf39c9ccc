using System.Text.Json;

namespace EdgeCloud.Tests.Parity;

/// <summary>
/// What MediaPipe's own web runtime finds in the pictures, checked in as reference.json; README.md says how it is made.
/// </summary>
/// <param name="RgbaSha256">Of the pixels it was found in.</param>
/// <param name="ShortRange">Faces at MediaPipe's own threshold, 0.5.</param>
/// <param name="FullRange">Faces at MediaPipe's own threshold, 0.6.</param>
/// <param name="PoseLite">Of two frames of one stream, a second apart, the same picture twice.</param>
/// <param name="PoseFull">Likewise.</param>
internal sealed record Reference(
    int Width, int Height, string RgbaSha256, IReadOnlyList<ReferenceFace> ShortRange,
    IReadOnlyList<ReferenceFace> FullRange, ReferencePose PoseLite, ReferencePose PoseFull)
{
    private static readonly string Path =
        System.IO.Path.Combine(Repository.Root, "EdgeCloud.Tests", "Parity", "reference.json");
    private static readonly JsonSerializerOptions Form =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly Lazy<IReadOnlyDictionary<string, Reference>> Read =
        new(() => JsonSerializer.Deserialize<Dictionary<string, Reference>>(File.ReadAllText(Path), Form)!);

    public static Reference Of(ParityPicture picture)
    {
        Assert.True(
            Read.Value.TryGetValue(picture.Name, out var reference),
            $"reference.json has no '{picture.Name}': Parity/README.md says how to make it.");
        Assert.True(
            reference.RgbaSha256 == picture.Pixels.RgbaSha256(),
            $"The pixels of '{picture.Name}' are not those that MediaPipe looked at: the JPEG encoder or decoder has "
            + "changed, or the picture. Parity/README.md says how to make the reference anew.");
        return reference;
    }

    /// <summary>One line for each picture, so that a difference can be read.</summary>
    public static void Write(IReadOnlyDictionary<string, Reference> references) => File.WriteAllText(
        Path, "{\n" + string.Join(
            ",\n", references.Select(entry => $"\"{entry.Key}\":{JsonSerializer.Serialize(entry.Value, Form)}"))
            + "\n}\n");
}

/// <param name="Score">0..1.</param>
/// <param name="Box">Left, top, width, height, relative to the frame.</param>
/// <param name="Keypoints">x, y of each of the six, in MediaPipe's order, relative to the frame.</param>
internal sealed record ReferenceFace(double Score, double[] Box, double[] Keypoints);

/// <param name="First">x, y, z, visibility of each of the 33 landmarks, relative to the frame; empty where
/// there is no pose.</param>
/// <param name="Second">The same of the tracked frame.</param>
/// <param name="FirstRegion">What the landmark model looked at: centre x, centre y, side, pixels, and rotation,
/// radians; empty where there is no pose.</param>
/// <param name="SecondRegion">The same of the tracked frame.</param>
internal sealed record ReferencePose(double[] First, double[] Second, double[] FirstRegion, double[] SecondRegion);
