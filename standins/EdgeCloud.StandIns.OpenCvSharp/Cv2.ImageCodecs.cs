using OpenCvSharp.Jpeg;

namespace OpenCvSharp;

public static partial class Cv2
{
    private const int DefaultQuality = 95;
    private const long MaxPixels = 1 << 30;

    /// <inheritdoc cref="ImDecode(ReadOnlySpan{byte}, ImreadModes)" />
    public static Mat ImDecode(byte[] buf, ImreadModes flags)
    {
        ArgumentNullException.ThrowIfNull(buf);
        return ImDecode(new ReadOnlySpan<byte>(buf), flags);
    }

    /// <summary>Decodes a JPEG.</summary>
    /// <returns>The picture, upright; empty when the bytes cannot be decoded, end too early or are no JPEG.</returns>
    /// <exception cref="ArgumentException">There are no bytes.</exception>
    /// <exception cref="OpenCVException">The picture has more than 2^30 pixels.</exception>
    public static Mat ImDecode(ReadOnlySpan<byte> span, ImreadModes flags)
    {
        if (span.IsEmpty)
            throw new ArgumentException("There are no bytes to decode.", nameof(span));
        if (!JpegFile.TryRead(span, out var file))
            return new Mat();

        var divisor = Divisor(flags);
        var size = new Size((file.Width + divisor - 1) / divisor, (file.Height + divisor - 1) / divisor);
        if ((long)size.Width * size.Height > MaxPixels)
            OpenCVException.Assert(false, $"A picture of {size} is too large.");

        var picture = new Mat(size, IsColor(flags, file) ? MatType.CV_8UC3 : MatType.CV_8UC1);
        if (!JpegCodec.TryDecode(span, file, picture))
        {
            picture.Dispose();
            return new Mat();
        }

        if ((flags & ImreadModes.IgnoreOrientation) == 0)
            ExifOrientation.Apply(picture, file.Orientation);
        return picture;
    }

    /// <summary>Encodes a picture as JPEG.</summary>
    /// <param name="ext">".jpg", ".jpeg" or ".jpe".</param>
    /// <param name="img">8U with one, three (blue, green, red) or four channels.</param>
    /// <param name="buf">The file; empty when it could not be encoded.</param>
    /// <param name="prms">Pairs of an <see cref="ImwriteFlags"/> and its value.</param>
    /// <returns>Whether it could be encoded.</returns>
    /// <exception cref="OpenCVException">The extension, the type or the parameters are not supported.</exception>
    public static bool ImEncode(string ext, InputArray img, out byte[] buf, int[]? prms = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(ext);
        ArgumentNullException.ThrowIfNull(img);
        var picture = img.Mat;
        prms ??= [];
        OpenCVException.Assert(
            ext[(ext.LastIndexOf('.') + 1)..].ToLowerInvariant() is "jpg" or "jpeg" or "jpe" && ext.Contains('.'), $"There is no encoder for {ext}.");
        OpenCVException.Assert(!picture.Empty(), "The picture is empty.");
        OpenCVException.Assert(
            picture.Depth() == MatType.CV_8U && picture.Channels() is 1 or 3 or 4, $"Pictures of type {picture.Type().Value} cannot be encoded.");
        OpenCVException.Assert(prms.Length % 2 == 0, "Parameters come in pairs.");

        var quality = DefaultQuality;
        var progressive = false;
        foreach (var pair in prms.Chunk(2))
        {
            switch ((ImwriteFlags)pair[0])
            {
                case ImwriteFlags.JpegQuality:
                    quality = Math.Clamp(pair[1], 0, 100);
                    break;
                case ImwriteFlags.JpegProgressive:
                    progressive = pair[1] != 0;
                    break;
            }
        }

        var jpeg = JpegCodec.Encode(picture, quality, progressive);
        buf = jpeg ?? [];
        return jpeg is not null;
    }

    /// <inheritdoc cref="ImEncode(string, InputArray, out byte[], int[])" />
    public static void ImEncode(string ext, InputArray img, out byte[] buf, params ImageEncodingParam[] prms)
    {
        ArgumentNullException.ThrowIfNull(prms);
        ImEncode(ext, img, out buf, [.. prms.SelectMany(parameter => new[] { (int)parameter.EncodingId, parameter.Value })]);
    }

    private static int Divisor(ImreadModes flags) => flags switch
    {
        ImreadModes.Unchanged => 1,
        _ when (flags & ImreadModes.ReducedGrayscale2) != 0 => 2,
        _ when (flags & ImreadModes.ReducedGrayscale4) != 0 => 4,
        _ when (flags & ImreadModes.ReducedGrayscale8) != 0 => 8,
        _ => 1,
    };

    private static bool IsColor(ImreadModes flags, JpegFile file)
    {
        const ImreadModes asStored = ImreadModes.Color | ImreadModes.AnyColor | ImreadModes.AnyDepth;
        if (flags == ImreadModes.Unchanged || (flags & asStored) == asStored)
            return file.Components > 1;
        return (flags & ImreadModes.Color) != 0 || ((flags & ImreadModes.AnyColor) != 0 && file.Components > 1);
    }
}
