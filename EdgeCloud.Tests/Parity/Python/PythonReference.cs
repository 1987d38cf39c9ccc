using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using OpenCvSharp;

namespace EdgeCloud.Tests.Parity.Python;

/// <summary>
/// What MediaPipe for Python finds in the pictures of this folder, as reference.json; README.md says how it was made.
/// </summary>
/// <param name="RgbSha256">Of the pixels it was found in.</param>
/// <param name="ShortRange">Faces, threshold 0.5.</param>
/// <param name="FullRange">Faces, threshold 0.5.</param>
/// <param name="PoseLite">Of two frames of one stream, 33.333 ms apart, the same picture twice.</param>
/// <param name="PoseFull">Likewise.</param>
public sealed record PythonReference(
    int Width, int Height, string RgbSha256, IReadOnlyList<PythonFace> ShortRange,
    IReadOnlyList<PythonFace> FullRange, PythonPoses PoseLite, PythonPoses PoseFull)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "EdgeCloud.Tests", "Parity", "Python");
    private static readonly JsonSerializerOptions Form =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyDictionary<string, PythonReference> All { get; } =
        JsonSerializer.Deserialize<Dictionary<string, PythonReference>>(
            File.ReadAllText(Path.Combine(Folder, "reference.json")), Form)!;

    public Vector2 Size => new(Width, Height);

    public static byte[] Jpeg(string picture) => File.ReadAllBytes(Path.Combine(Folder, $"{picture}.jpg"));

    /// <returns>The picture, decoded as the edge decodes, which must give the pixels that MediaPipe saw.</returns>
    public Mat Pixels(string picture)
    {
        var pixels = Cv2.ImDecode(Jpeg(picture), ImreadModes.Color);
        using var rgb = pixels.CvtColor(ColorConversionCodes.BGR2RGB);
        Assert.True(
            RgbSha256 == Convert.ToHexStringLower(SHA256.HashData(rgb.AsSpan<byte>())),
            $"The pixels of '{picture}' are not those that MediaPipe looked at: the JPEG decoder has changed.");
        return pixels;
    }
}

/// <param name="Score">0..1.</param>
/// <param name="Box">Left, top, width, height, relative to the picture.</param>
/// <param name="Keypoints">x, y of each of the six, in MediaPipe's order, relative to the picture.</param>
public sealed record PythonFace(double Score, double[] Box, double[][] Keypoints);

/// <param name="First">x, y, z, visibility of each of the 33 landmarks, relative to the picture; null where there is
/// no pose.</param>
/// <param name="Second">The same of the tracked frame.</param>
public sealed record PythonPoses(double[][]? First, double[][]? Second);
