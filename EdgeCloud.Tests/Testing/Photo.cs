using OpenCvSharp;

namespace EdgeCloud.Tests.Testing;

/// <summary>The test photo, one face in it, and pictures made from it. Photos/README.md has its credit.</summary>
internal static class Photo
{
    public static string AstronautFile { get; } = Path.Combine(AppContext.BaseDirectory, "Photos", "astronaut.jpg");

    public static byte[] Astronaut { get; } = File.ReadAllBytes(AstronautFile);

    /// <summary>Black, so without a face.</summary>
    public static byte[] Blank(int width, int height)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3, Scalar.All(0));
        return Jpeg(picture);
    }

    public static byte[] Jpeg(Mat picture)
    {
        Cv2.ImEncode(".jpg", picture, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, 95));
        return jpeg;
    }

    /// <summary>The astronaut, resized.</summary>
    public static byte[] AstronautAt(int width, int height)
    {
        using var original = Cv2.ImDecode(Astronaut, ImreadModes.Color);
        using var resized = new Mat();
        Cv2.Resize(original, resized, new Size(width, height));
        return Jpeg(resized);
    }

    /// <summary>The astronaut, turned around the middle of the picture.</summary>
    public static byte[] AstronautTurned(double degrees)
    {
        using var original = Cv2.ImDecode(Astronaut, ImreadModes.Color);
        using var turn = Cv2.GetRotationMatrix2D(new Point2f(original.Width / 2f, original.Height / 2f), degrees, 1);
        using var turned = new Mat();
        Cv2.WarpAffine(original, turned, turn, original.Size());
        return Jpeg(turned);
    }
}
