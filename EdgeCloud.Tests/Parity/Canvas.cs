using System.Security.Cryptography;
using OpenCvSharp;

namespace EdgeCloud.Tests.Parity;

/// <summary>
/// A picture of B, G, R bytes, drawn on by plain arithmetic: OpenCV's own resampling differs in the last bit from
/// version to version, and the checked-in reference holds for these very pixels.
/// </summary>
internal sealed class Canvas
{
    private const int Channels = 3;

    private readonly byte[] _pixels;

    public Canvas(int width, int height, byte background = 0)
    {
        Width = width;
        Height = height;
        _pixels = new byte[width * height * Channels];
        _pixels.AsSpan().Fill(background);
    }

    public int Width { get; }

    public int Height { get; }

    public static Canvas Decode(byte[] jpeg)
    {
        using var picture = Cv2.ImDecode(jpeg, ImreadModes.Color);
        var canvas = new Canvas(picture.Width, picture.Height);
        picture.AsSpan<byte>().CopyTo(canvas._pixels);
        return canvas;
    }

    public byte[] Jpeg()
    {
        using var picture = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, _pixels);
        return Photo.Jpeg(picture);
    }

    /// <returns>R, G, B, 255 of every pixel, as a browser's canvas has them.</returns>
    public byte[] Rgba()
    {
        var rgba = new byte[Width * Height * 4];
        for (int from = 0, to = 0; to < rgba.Length; from += Channels, to += 4)
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) =
                (_pixels[from + 2], _pixels[from + 1], _pixels[from], 255);
        return rgba;
    }

    public string RgbaSha256() => Convert.ToHexStringLower(SHA256.HashData(Rgba()));

    public Canvas Crop(int left, int top, int width, int height)
    {
        var cropped = new Canvas(width, height);
        for (var y = 0; y < height; y++)
            _pixels.AsSpan((((top + y) * Width) + left) * Channels, width * Channels)
                .CopyTo(cropped._pixels.AsSpan(y * width * Channels));
        return cropped;
    }

    public Canvas Mirrored()
    {
        var mirrored = new Canvas(Width, Height);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                At(x, y).CopyTo(mirrored.At(Width - 1 - x, y));
        }

        return mirrored;
    }

    /// <summary>Every value by itself, clamped to a byte.</summary>
    public Canvas Map(Func<double, double> change) => Copy((_, _, _, value) => change(value));

    public Canvas Grayscale() =>
        Copy((x, y, _, _) => (0.114 * At(x, y)[0]) + (0.587 * At(x, y)[1]) + (0.299 * At(x, y)[2]));

    /// <summary>The mean of the pixels up to <paramref name="radius"/> away in each direction that exist.</summary>
    public Canvas Blurred(int radius) => Copy((x, y, channel, _) =>
    {
        int sum = 0, count = 0;
        for (var row = Math.Max(y - radius, 0); row <= Math.Min(y + radius, Height - 1); row++)
        {
            for (var column = Math.Max(x - radius, 0); column <= Math.Min(x + radius, Width - 1); column++, count++)
                sum += At(column, row)[channel];
        }

        return (double)sum / count;
    });

    /// <summary>
    /// Draws a picture, turned counter-clockwise around its centre and scaled, each pixel the mean of as many bilinear
    /// samples as the scale needs.
    /// </summary>
    /// <param name="picture">What to draw.</param>
    /// <param name="centerX">Where its centre goes, pixels.</param>
    /// <param name="centerY">Where its centre goes, pixels.</param>
    /// <param name="scale">1 keeps its size.</param>
    /// <param name="degrees">How far to turn it.</param>
    public Canvas Draw(Canvas picture, double centerX, double centerY, double scale = 1, double degrees = 0)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var samples = (int)Math.Ceiling(1 / scale);
        var sum = new double[Channels];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                Array.Clear(sum);
                var inside = 0;
                for (var sample = 0; sample < samples * samples; sample++)
                {
                    var dx = (x + (((sample % samples) + 0.5) / samples) - centerX) / scale;
                    var dy = (y + (((sample / samples) + 0.5) / samples) - centerY) / scale;
                    if (picture.Sample(
                        (dx * cos) - (dy * sin) + (picture.Width / 2.0),
                        (dx * sin) + (dy * cos) + (picture.Height / 2.0), sum))
                        inside++;
                }

                for (var channel = 0; channel < Channels && inside == samples * samples; channel++)
                    At(x, y)[channel] = Byte(sum[channel] / inside);
            }
        }

        return this;
    }

    private bool Sample(double x, double y, double[] sum)
    {
        if (x < 0 || x > Width || y < 0 || y > Height)
            return false;
        double left = Math.Clamp(x - 0.5, 0, Width - 1), top = Math.Clamp(y - 0.5, 0, Height - 1);
        int column = (int)left, row = (int)top;
        int nextColumn = Math.Min(column + 1, Width - 1), nextRow = Math.Min(row + 1, Height - 1);
        double right = left - column, lower = top - row;
        for (var channel = 0; channel < Channels; channel++)
        {
            sum[channel] +=
                (((At(column, row)[channel] * (1 - right)) + (At(nextColumn, row)[channel] * right)) * (1 - lower))
                    + (((At(column, nextRow)[channel] * (1 - right)) + (At(nextColumn, nextRow)[channel] * right))
                        * lower);
        }

        return true;
    }

    private Canvas Copy(Func<int, int, int, double, double> value)
    {
        var copy = new Canvas(Width, Height);
        for (var i = 0; i < _pixels.Length; i++)
            copy._pixels[i] = Byte(value(i / Channels % Width, i / Channels / Width, i % Channels, _pixels[i]));
        return copy;
    }

    private Span<byte> At(int x, int y) => _pixels.AsSpan(((y * Width) + x) * Channels, Channels);

    private static byte Byte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
