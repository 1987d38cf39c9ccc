using System.Globalization;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Pacing;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>tiles FOLDER [OUTPUT]</c>: how many faces both models find in each picture of a folder as a whole and in tiles,
/// and what CPU time the latter takes; with an output folder also the pictures with the faces drawn, those that only
/// tiles show in red.
/// </summary>
internal static class TileMeasurement
{
    private const float Threshold = 0.5f;

    public static void Run(string folder, string? output)
    {
        using var nearSession = Open(DetectorModel.FaceShortRange);
        using var farSession = Open(DetectorModel.FaceFullRange);
        using var faces = new FaceDetector(
            new Detector(nearSession, DetectorModel.FaceShortRange, Threshold),
            new Detector(farSession, DetectorModel.FaceFullRange, Threshold));
        List<RegionOfInterest> tiles = [];
        Console.WriteLine("| picture | pixels | tiles | as a whole | in tiles | CPU ms |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            using var pixels = Cv2.ImRead(file, ImreadModes.Color);
            if (pixels.Empty())
                continue;
            var picture = Picture.Of(pixels);
            FaceTiles.Place(picture.Width, picture.Height, tiles);
            Detection[] whole = [.. faces.Detect(picture, faces.Sample(picture, FaceRange.Both), FaceRange.Both)];
            var cpu = ThreadClock.Now;
            var found = faces.DetectInTiles(
                picture, faces.Sample(picture, FaceRange.Both), FaceRange.Both, CancellationToken.None);
            var took = ThreadClock.Now - cpu;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {Path.GetFileName(file)} | {picture.Width} × {picture.Height} "
                + $"| {tiles.Count} | {whole.Length} | {found.Count} | {took.TotalMilliseconds:0} |"));
            if (output is not null)
                Draw(pixels, whole, found, Path.Combine(output, Path.GetFileName(file) + ".png"));
        }
    }

    private static void Draw(Mat pixels, Detection[] whole, IReadOnlyList<Detection> found, string file)
    {
        foreach (var face in found)
        {
            var isNew = !whole.Any(known => known.IntersectionOverUnion(face) > FaceMerge.MinOverlap);
            Cv2.Rectangle(
                pixels, new Point(face.Min.X * pixels.Width, face.Min.Y * pixels.Height),
                new Point(face.Max.X * pixels.Width, face.Max.Y * pixels.Height),
                isNew ? Scalar.Red : Scalar.Lime, Math.Max(1, pixels.Width / 500));
        }

        Cv2.ImWrite(file, pixels);
    }

    private static InferenceSession Open(DetectorModel model) =>
        ModelFiles.Open(Path.Combine(AppContext.BaseDirectory, "models", model.FileName));
}
