using OpenCvSharp.Native;

namespace OpenCvSharp.Jpeg;

/// <summary>JPEG to and from pixels through libjpeg-turbo, with the settings that OpenCV uses it with.</summary>
internal static unsafe class JpegCodec
{
    // Pixel formats, subsampling and flags of turbojpeg.h.
    private const int Bgr = 1;
    private const int Bgrx = 3;
    private const int Gray = 6;
    private const int Cmyk = 11;
    private const int Subsampling420 = 2;
    private const int SubsamplingGray = 3;
    private const int AccurateDct = 4096;
    private const int Progressive = 16384;
    private const int WarningOnly = 0;

    /// <summary>Decodes into a matrix that already has the picture's size, divided by 1, 2, 4 or 8, and one or three channels.</summary>
    /// <returns>False when it cannot be decoded.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, JpegFile file, Mat picture)
    {
        if (file.Components != 4)
            return TryDecode(bytes, picture, picture.Channels() == 1 ? Gray : Bgr);

        using var inks = new Mat(picture.Size(), MatType.CV_8UC4);
        if (!TryDecode(bytes, inks, Cmyk))
            return false;
        for (var row = 0; row < picture.Rows; row++)
            CmykPixels.Convert(inks.RowSpan<byte>(row), picture.RowSpan<byte>(row), picture.Channels());
        return true;
    }

    /// <summary>Encodes 8-bit pixels of one, three or four channels, the fourth being ignored.</summary>
    /// <returns>Null when the picture is larger than a JPEG can be.</returns>
    public static byte[]? Encode(Mat picture, int quality, bool progressive)
    {
        var (format, subsampling) = picture.Channels() switch
        {
            1 => (Gray, SubsamplingGray),
            3 => (Bgr, Subsampling420),
            _ => (Bgrx, Subsampling420),
        };
        using var compressor = TurboJpegHandle.NewCompressor();
        byte* jpeg = null;
        nuint jpegBytes = 0;
        try
        {
            var failed = NativeMethods.tjCompress2(
                compressor.Pointer, picture.DataPointer, picture.Cols, checked((int)picture.Step()), picture.Rows, format,
                &jpeg, &jpegBytes, subsampling, quality, AccurateDct | (progressive ? Progressive : 0));
            GC.KeepAlive(picture);
            return failed != 0 ? null : new ReadOnlySpan<byte>(jpeg, checked((int)jpegBytes)).ToArray();
        }
        finally
        {
            NativeMethods.tjFree(jpeg);
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, Mat pixels, int format)
    {
        using var decompressor = TurboJpegHandle.NewDecompressor();
        fixed (byte* jpeg = bytes)
        {
            // A warning means that libjpeg-turbo made the best of corrupt data; OpenCV takes that, too.
            var decoded = NativeMethods.tjDecompress2(
                decompressor.Pointer, jpeg, (nuint)bytes.Length, pixels.DataPointer, pixels.Cols, checked((int)pixels.Step()), pixels.Rows, format,
                AccurateDct) == 0
                || NativeMethods.tjGetErrorCode(decompressor.Pointer) == WarningOnly;
            GC.KeepAlive(pixels);
            return decoded;
        }
    }
}
