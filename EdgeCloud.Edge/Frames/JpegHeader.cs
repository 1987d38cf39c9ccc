using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// What a JPEG says of itself before anything is decoded, and whether it is whole: the walk goes over every marker segment to the end-of-image
/// marker (ITU-T T.81, annex B), so that a truncated file is told from a complete one without decoding it.
/// </summary>
/// <param name="Width">Pixels, before the EXIF orientation is applied.</param>
/// <param name="Height">Pixels, likewise.</param>
internal readonly record struct JpegHeader(int Width, int Height)
{
    private const byte MarkerPrefix = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <param name="jpeg">The file.</param>
    /// <param name="header">Its dimensions, when the result is true.</param>
    /// <param name="problem">What is wrong with it, when the result is false.</param>
    public static bool TryRead(ReadOnlySpan<byte> jpeg, out JpegHeader header, [NotNullWhen(false)] out string? problem)
    {
        header = default;
        if (jpeg.Length < 3 || jpeg[0] != MarkerPrefix || jpeg[1] != StartOfImage || jpeg[2] != MarkerPrefix)
            return Fail("It does not begin like a JPEG (bytes FF D8 FF).", out problem);

        var position = 2;
        while (true)
        {
            // Any number of FF may precede a marker.
            while (position < jpeg.Length && jpeg[position] == MarkerPrefix)
                position++;
            if (position >= jpeg.Length)
                return Fail("It is truncated: the data ends before the end-of-image marker.", out problem);

            var marker = jpeg[position++];
            if (marker == EndOfImage)
                break;
            if (IsStandalone(marker))
            {
                position = NextMarker(jpeg, position);
                continue;
            }

            if (position + 2 > jpeg.Length)
                return Fail("It is truncated within a marker segment.", out problem);
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[position..]);
            if (length < 2)
                return Fail($"The segment of marker {marker:X2} has an impossible length.", out problem);
            if (position + length > jpeg.Length)
                return Fail("It is truncated within a marker segment.", out problem);

            if (IsStartOfFrame(marker) && !TryReadFrame(jpeg.Slice(position + 2, length - 2), ref header, out problem))
                return false;
            if (marker == StartOfScan && header == default)
                return Fail("Its picture data begins before its dimensions are given.", out problem);

            position += length;
            position = marker == StartOfScan ? NextMarker(jpeg, position) : position;
            if (position < jpeg.Length && jpeg[position] != MarkerPrefix)
                return Fail("Its marker segments are damaged.", out problem);
        }

        return header == default ? Fail("It has no picture in it.", out problem) : Succeed(out problem);
    }

    private static bool TryReadFrame(ReadOnlySpan<byte> segment, ref JpegHeader header, [NotNullWhen(false)] out string? problem)
    {
        if (header != default)
            return Fail("It has more than one frame header.", out problem);
        if (segment.Length < 6)
            return Fail("Its frame header is too short.", out problem);
        if (segment[0] != 8)
            return Fail($"It has {segment[0]} bits per sample; only 8 are supported.", out problem);

        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (width == 0 || height == 0)
            return Fail($"Its size is {width} × {height} pixels.", out problem);

        header = new JpegHeader(width, height);
        return Succeed(out problem);
    }

    /// <summary>The position of the next FF that begins a marker: not a stuffed FF 00, and no restart marker within a scan.</summary>
    private static int NextMarker(ReadOnlySpan<byte> jpeg, int position)
    {
        while (position < jpeg.Length)
        {
            var offset = jpeg[position..].IndexOf(MarkerPrefix);
            if (offset < 0 || position + offset + 1 >= jpeg.Length)
                return jpeg.Length;
            position += offset;
            if (jpeg[position + 1] is not 0x00 and not (>= 0xD0 and <= 0xD7))
                return position;
            position += 2;
        }

        return jpeg.Length;
    }

    private static bool IsStandalone(byte marker) => marker is 0x01 or (>= 0xD0 and <= 0xD8);

    /// <summary>SOF0 to SOF15 without DHT, JPG and DAC, which share the range.</summary>
    private static bool IsStartOfFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;

    private static bool Fail(string text, out string problem)
    {
        problem = text;
        return false;
    }

    private static bool Succeed(out string? problem)
    {
        problem = null;
        return true;
    }
}
