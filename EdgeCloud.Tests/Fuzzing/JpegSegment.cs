using System.Buffers.Binary;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>A marker segment, and the entropy-coded data after it if it begins a scan.</summary>
internal sealed record JpegSegment(byte Marker, byte[] Payload)
{
    private const byte Prefix = 0xFF;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public byte[] Scan { get; init; } = [];

    /// <summary>What the length field counts as the payload, when not the payload.</summary>
    public int? DeclaredLength { get; init; }

    /// <param name="jpeg">One of the corpus, so whole and of segments only.</param>
    public static List<JpegSegment> Read(ReadOnlySpan<byte> jpeg)
    {
        List<JpegSegment> segments = [];
        var position = 2;
        while (jpeg[position + 1] != EndOfImage)
        {
            var marker = jpeg[position + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(position + 2)..]);
            var payload = jpeg.Slice(position + 4, length - 2).ToArray();
            position += 2 + length;
            var end = marker == StartOfScan ? EndOfScan(jpeg, position) : position;
            segments.Add(new JpegSegment(marker, payload) { Scan = jpeg[position..end].ToArray() });
            position = end;
        }

        return segments;
    }

    public static byte[] Write(IEnumerable<JpegSegment> segments)
    {
        using var jpeg = new MemoryStream();
        jpeg.Write([Prefix, 0xD8]);
        Span<byte> length = stackalloc byte[2];
        foreach (var segment in segments)
        {
            var declared = segment.DeclaredLength ?? segment.Payload.Length;
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(declared + 2));
            jpeg.Write([Prefix, segment.Marker, .. length, .. segment.Payload, .. segment.Scan]);
        }

        jpeg.Write([Prefix, EndOfImage]);
        return jpeg.ToArray();
    }

    /// <summary>The next marker that is neither a stuffed zero nor a restart.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> jpeg, int position)
    {
        while (jpeg[position] != Prefix || jpeg[position + 1] is 0 or (>= 0xD0 and <= 0xD7))
            position++;
        return position;
    }
}
