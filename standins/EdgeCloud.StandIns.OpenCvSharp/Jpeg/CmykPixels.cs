namespace OpenCvSharp.Jpeg;

/// <summary>Printers' colours to screen colours as OpenCV converts them: inks are stored inverted, and no colour profile is applied.</summary>
internal static class CmykPixels
{
    // 0.114, 0.587 and 0.299 in units of 2^-14.
    private const int GrayShift = 14;
    private const int BlueWeight = 1868;
    private const int GreenWeight = 9617;
    private const int RedWeight = 4899;

    public static void Convert(ReadOnlySpan<byte> cmyk, Span<byte> pixels, int channels)
    {
        for (var (from, to) = (0, 0); from < cmyk.Length; from += 4, to += channels)
        {
            var black = cmyk[from + 3];
            var red = Mix(cmyk[from], black);
            var green = Mix(cmyk[from + 1], black);
            var blue = Mix(cmyk[from + 2], black);
            if (channels == 1)
                pixels[to] = (byte)(((blue * BlueWeight) + (green * GreenWeight) + (red * RedWeight) + (1 << (GrayShift - 1))) >> GrayShift);
            else
                (pixels[to], pixels[to + 1], pixels[to + 2]) = ((byte)blue, (byte)green, (byte)red);
        }
    }

    private static int Mix(int ink, int black) => black - (((255 - ink) * black) >> 8);
}
