using EdgeCloud.Contract;
using OpenCvSharp;

namespace EdgeCloud.Edge.Frames;

/// <summary>Faces in pictures that are shown.</summary>
internal enum FrameBlur
{
    /// <summary>As they came.</summary>
    None,

    /// <summary>A few flat squares in place of each face that was found.</summary>
    Faces,
}

internal static class FaceBlur
{
    /// <summary>Along the longer side of a face with its margin: two or three are left for the face itself.</summary>
    private const int Squares = 4;

    /// <summary>
    /// Of a face's box, to each side: MediaPipe's boxes end at the eyebrows and the chin, and a face that has moved
    /// less than the motion gate notices is not quite where it was.
    /// </summary>
    private const double Margin = 0.35;

    private const int Quality = 85;

    /// <summary>
    /// The most that the picture, three bytes of each pixel, and its JPEG hold together. Of pixels that are black or
    /// white at random a JPEG of this quality has 1.1 bytes each; the encoder's buffer has room for as many again, and
    /// what is returned is a copy.
    /// </summary>
    public static long MaxBytes(int width, int height) => 7L * width * height;

    /// <returns>The picture as a JPEG without metadata, its faces blurred.</returns>
    /// <param name="picture">8 bits, BGR; its pixels are changed.</param>
    /// <param name="faces">Found in it.</param>
    public static byte[] Encode(Mat picture, IReadOnlyList<Face> faces)
    {
        foreach (var face in faces)
            Blur(picture, face);
        Cv2.ImEncode(".jpg", picture, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, Quality));
        return jpeg;
    }

    private static void Blur(Mat picture, Face face)
    {
        var (left, right) = Span(face.Xmin, face.Width, picture.Width);
        var (top, bottom) = Span(face.Ymin, face.Height, picture.Height);
        if (left >= right || top >= bottom)
            return;
        using var region = new Mat(picture, new Rect(left, top, right - left, bottom - top));
        var square = Math.Max(1.0, Math.Max(region.Width, region.Height) / (double)Squares);
        var size = new Size(
            Math.Max(1, (int)Math.Round(region.Width / square)), Math.Max(1, (int)Math.Round(region.Height / square)));
        using var small = new Mat();
        Cv2.Resize(region, small, size, interpolation: InterpolationFlags.Area);
        Cv2.Resize(small, region, region.Size(), interpolation: InterpolationFlags.Nearest);
    }

    /// <returns>The pixels from and to, within the picture.</returns>
    private static (int From, int To) Span(double minimum, double length, int pixels) => (
        (int)Math.Clamp(Math.Floor((minimum - (Margin * length)) * pixels), 0, pixels),
        (int)Math.Clamp(Math.Ceiling((minimum + ((1 + Margin) * length)) * pixels), 0, pixels));
}
