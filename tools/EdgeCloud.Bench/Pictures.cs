using OpenCvSharp;

namespace EdgeCloud.Bench;

/// <summary>The test photo in the sizes that webcams have, the face where it is, the rest black.</summary>
internal static class Pictures
{
    public static byte[] Jpeg(int width, int height, int quality = 80)
    {
        using var original =
            Cv2.ImDecode(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "astronaut.jpg")), ImreadModes.Color);
        using var picture = new Mat();
        using var placement = Placement(original.Width, width, height);
        Cv2.WarpAffine(original, picture, placement, new Size(width, height));
        Cv2.ImEncode(".jpg", picture, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, quality));
        return jpeg;
    }

    /// <summary>Scales the square photo to the height and puts it into the middle.</summary>
    private static Mat Placement(int side, int width, int height)
    {
        var scale = (double)height / side;
        return Mat.FromPixelData(2, 3, MatType.CV_64FC1, new[] { scale, 0, (width - height) / 2.0, 0, scale, 0 });
    }
}
