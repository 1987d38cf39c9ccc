using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// What a JPEG says of itself before anything is decoded, and whether it is whole: the walk goes over every marker
/// segment to the end-of-image marker (ITU-T T.81, annex B), so that a truncated file is told from a complete one, and
/// one made to exhaust the decoder from a picture, without decoding it.
/// </summary>
/// <param name="Width">Pixels, before the EXIF orientation is applied.</param>
/// <param name="Height">Pixels, likewise.</param>
/// <param name="Components">1 grey, 3 colours, 4 inks.</param>
internal readonly record struct JpegHeader(int Width, int Height, int Components)
{
    /// <summary>
    /// Each scan goes over the whole picture, however few bytes it has. The progressive files of libjpeg have 10 scans,
    /// those of encoders that search for the best script up to about 20 (mozjpeg, jpgcrush).
    /// </summary>
    public const int MaxScans = 32;

    /// <summary>What a decoder that keeps a marker segment allocates beside its bytes, generously.</summary>
    private const int SegmentOverheadBytes = 64;

    private const byte MarkerPrefix = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte NumberOfLines = 0xDC;
    private const byte Exif = 0xE1;
    private const byte Comment = 0xFE;

    /// <summary>
    /// Whether the picture is spread over several scans, so that the decoder keeps all of its
    /// coefficients until the last.
    /// </summary>
    public bool HasManyScans { get; init; }

    /// <summary>Whether an orientation asks for the decoded picture to be turned or mirrored.</summary>
    public bool MayTurn { get; init; }

    /// <summary>
    /// What a decoder may allocate for what is no picture (EXIF, XMP, colour profile, comments): it keeps the segments
    /// and puts those of one kind together.
    /// </summary>
    public int MetadataBytes { get; init; }

    /// <summary>
    /// The most that decoding can allocate: three bytes of each pixel, as many again to turn it, one byte for each ink,
    /// two for each coefficient that is kept, and the metadata.
    /// </summary>
    public long DecodedBytes
    {
        get
        {
            var bytesPerPixel = 3 + (MayTurn ? 3 : 0) + (Components == 4 ? 4 : 0) + (HasManyScans ? 2 * Components : 0);
            return ((long)Width * Height * bytesPerPixel) + MetadataBytes;
        }
    }

    /// <param name="jpeg">The file.</param>
    /// <param name="header">Its dimensions, when the result is true.</param>
    /// <param name="problem">What is wrong with it, when the result is false.</param>
    public static bool TryRead(ReadOnlySpan<byte> jpeg, out JpegHeader header, [NotNullWhen(false)] out string? problem)
    {
        header = default;
        if (jpeg.Length < 3 || jpeg[0] != MarkerPrefix || jpeg[1] != StartOfImage || jpeg[2] != MarkerPrefix)
            return Fail("It does not begin like a JPEG (bytes FF D8 FF).", out problem);

        var position = 2;
        var scans = 0;
        var metadataBytes = 0;
        var mayTurn = false;
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

            if (IsStartOfFrame(marker)
                && !TryReadFrame(marker, jpeg.Slice(position + 2, length - 2), ref header, out problem))
                return false;
            if (marker == NumberOfLines)
                return Fail("It gives its height anew after its first scan.", out problem);
            if (marker == StartOfScan && header == default)
                return Fail("Its picture data begins before its dimensions are given.", out problem);
            if (marker == StartOfScan && ++scans > MaxScans)
                return Fail($"It has more than {MaxScans} scans.", out problem);
            metadataBytes += IsMetadata(marker) ? (2 * length) + SegmentOverheadBytes : 0;
            mayTurn |= marker == Exif && ExifOrientation.MayTurn(jpeg.Slice(position + 2, length - 2));

            position += length;
            position = marker == StartOfScan ? NextMarker(jpeg, position) : position;
            if (position < jpeg.Length && jpeg[position] != MarkerPrefix)
                return Fail("Its marker segments are damaged.", out problem);
        }

        if (scans == 0)
            return Fail("It has no picture in it.", out problem);
        header = header with
        {
            HasManyScans = header.HasManyScans || scans > 1,
            MayTurn = mayTurn,
            MetadataBytes = metadataBytes,
        };
        return Succeed(out problem);
    }

    private static bool TryReadFrame(
        byte marker, ReadOnlySpan<byte> segment, ref JpegHeader header, [NotNullWhen(false)] out string? problem)
    {
        if (header != default)
            return Fail("It has more than one frame header.", out problem);
        if (segment.Length < 6 || segment.Length < 6 + (3 * segment[5]))
            return Fail("Its frame header is too short.", out problem);
        if (segment[0] != 8)
            return Fail($"It has {segment[0]} bits per sample; only 8 are supported.", out problem);

        var height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (width == 0 || height == 0)
            return Fail($"Its size is {width} × {height} pixels.", out problem);

        var components = segment[5];
        if (components is not (1 or 3 or 4))
            return Fail($"It has {components} components; grey has 1, colours 3, inks 4.", out problem);
        for (var i = 0; i < components; i++)
        {
            var sampling = segment[7 + (3 * i)];
            if (sampling >> 4 is < 1 or > 4 || (sampling & 15) is < 1 or > 4)
                return Fail(
                    $"It has a sampling factor of {sampling >> 4} × {sampling & 15}; each lies between 1 and 4.",
                    out problem);
        }

        header = new JpegHeader(width, height, components) { HasManyScans = marker is 0xC2 or 0xC6 or 0xCA or 0xCE };
        return Succeed(out problem);
    }

    /// <summary>
    /// The position of the next FF that begins a marker: not a stuffed FF 00, and no restart marker within a scan.
    /// </summary>
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

    private static bool IsMetadata(byte marker) => marker is (>= 0xE0 and <= 0xEF) or Comment;

    /// <summary>SOF0 to SOF15 without DHT, JPG and DAC, which share the range.</summary>
    private static bool IsStartOfFrame(byte marker) =>
        marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;

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
