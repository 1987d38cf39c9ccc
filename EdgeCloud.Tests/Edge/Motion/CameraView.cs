using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Motion;

/// <summary>
/// What a camera of 640 × 480 sees: an empty room of many grey levels, with the noise of a webcam, as JPEG of quality
/// 80; and the photo's person in it, only head and shoulders, without the background of the photo, so that nothing else
/// gives the entrance away.
/// </summary>
/// <param name="photo">The astronaut, JPEG.</param>
/// <param name="seed">Of the noise.</param>
internal sealed class CameraView(byte[] photo, int seed)
{
    public const int Width = 640;
    public const int Height = 480;

    /// <summary>Of a webcam indoors, grey levels per pixel and channel.</summary>
    public const double Noise = 4;

    /// <summary>
    /// Head and shoulders are within this circle of the photo, relative to its side; the face is
    /// a fifth of the side wide.
    /// </summary>
    private const double CenterX = 0.44;
    private const double CenterY = 0.24;
    private const double Radius = 0.22;
    private const double FaceWidth = 0.2;

    private readonly Random _random = new(seed);
    private readonly double[] _gauss = Gauss(new Random(seed), 1 << 16);

    /// <param name="face">Where the middle of the head is and how wide the face, pixels; null when
    /// nobody is there.</param>
    /// <param name="light">Added to every pixel, grey levels.</param>
    /// <param name="noise">Standard deviation, grey levels.</param>
    public byte[] Shot((double X, double Y, double FaceWidth)? face = null, double light = 0, double noise = Noise)
    {
        using var picture = new Mat(Height, Width, MatType.CV_8UC3, Scalar.All(0));
        using var person = face is { } wanted ? Person(wanted.FaceWidth) : null;
        var pixels = Pixels(picture);
        for (var y = 0; y < Height; y++)
        {
            var grain = _random.Next(_gauss.Length - (3 * Width));
            for (var x = 0; x < Width; x++)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    var value = person is not null && face is { } at && Inside(person, at, x, y) is { } offset
                        ? Pixels(person)[offset + channel] : Room(x, y);
                    pixels[(3 * ((y * Width) + x)) + channel] =
                        (byte)Math.Clamp(value + light + (noise * _gauss[grain + (3 * x) + channel]), 0, 255);
                }
            }
        }

        Cv2.ImEncode(".jpg", picture, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, 80));
        return jpeg;
    }

    /// <summary>A wall that is lit from the left, a door, a shelf.</summary>
    private static double Room(int x, int y) =>
        (x is > 60 and < 170 && y > 120 ? 70 : x is > 430 and < 600 && (y / 40) % 2 == 0 && y < 280 ? 100 : 190)
        - (x / 8.0) + (y / 16.0);

    private Mat Person(double faceWidth)
    {
        using var all = Cv2.ImDecode(photo, ImreadModes.Color);
        var person = new Mat();
        var side = (int)Math.Round(faceWidth / FaceWidth);
        Cv2.Resize(
            all, person, new Size(side, side),
            interpolation: side < all.Width ? InterpolationFlags.Area : InterpolationFlags.Linear);
        return person;
    }

    private static int? Inside(Mat person, (double X, double Y, double FaceWidth) face, int x, int y)
    {
        var side = person.Width;
        var (left, top) =
            ((int)Math.Round(x - face.X + (CenterX * side)), (int)Math.Round(y - face.Y + (CenterY * side)));
        var (dx, dy) = (x - face.X, y - face.Y);
        return left >= 0 && top >= 0 && left < side
            && top < side && (dx * dx) + (dy * dy) < Radius * side * Radius * side ? 3 * ((top * side) + left) : null;
    }

    private static unsafe Span<byte> Pixels(Mat matrix) => new((void*)matrix.Data, 3 * matrix.Width * matrix.Height);

    private static double[] Gauss(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
}
