using System.Globalization;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Tests.Edge.Inference;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>faces [folder]</c>: what the short range face model, the full range one, and several ways to use both find in
/// pictures, and where they see faces that are none. Without a folder in those of <see cref="FacePictures"/>; with one
/// in its pictures, JPEG or PNG, of the subfolders <c>nobody</c>, where each face found is wrong, <c>people</c> and
/// <c>fills</c>, where it is only known that somebody is there.
/// </summary>
internal static class FaceMeasurement
{
    private const float Threshold = 0.5f;

    /// <summary>Longer sides are shrunk to it: a webcam's.</summary>
    private const double LongestSide = 1280;

    public static void Run(string? folder)
    {
        using var nearSession = Open(DetectorModel.FaceShortRange);
        using var farSession = Open(DetectorModel.FaceFullRange);
        using var near = new Detector(nearSession, DetectorModel.FaceShortRange, Threshold);
        using var far = new Detector(farSession, DetectorModel.FaceFullRange, Threshold);
        var own =
            new FacePictures(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "astronaut.jpg")));
        var nobody = Count(folder is null ? own.Nobody() : Read(folder, "nobody", isNobody: true));
        var people = Count(folder is null ? own.People() : Read(folder, "people", isNobody: false));
        var filled = Count(folder is null ? own.Filled() : Read(folder, "fills", isNobody: false));

        Console.WriteLine($"| | {nobody[0].Pictures} pictures of nobody: false faces "
            + $"| {people[0].Pictures} pictures of people: with a face | faces | false or double "
            + $"| {filled[0].Pictures} filled by a face: with a face | false or double |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        for (var i = 0; i < FaceRules.All.Count; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {FaceRules.All[i].Name} | {nobody[i].False} | {people[i].Found} | {people[i].Faces} "
                + $"| {people[i].False} | {filled[i].Found} | {filled[i].False} |"));
        }

        FaceCount[] Count(IEnumerable<FacePicture> pictures) => FaceRules.Count(near, far, pictures);
    }

    private static InferenceSession Open(DetectorModel model) =>
        ModelFiles.Open(Path.Combine(AppContext.BaseDirectory, "models", model.FileName));

    private static IEnumerable<FacePicture> Read(string folder, string kind, bool isNobody)
    {
        var path = Path.Combine(folder, kind);
        var files = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            using var read = Cv2.ImRead(file, ImreadModes.Color);
            if (read.Empty())
                continue;
            var scale = Math.Min(1, LongestSide / Math.Max(read.Width, read.Height));
            var picture = new Mat();
            Cv2.Resize(read, picture, new Size(), scale, scale, InterpolationFlags.Area);
            yield return new FacePicture(picture, null, IsKnown: isNobody);
        }
    }
}
