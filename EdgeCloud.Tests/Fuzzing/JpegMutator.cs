using System.Buffers.Binary;

namespace EdgeCloud.Tests.Fuzzing;

/// <summary>
/// Damage that knows the parts of a JPEG (ITU-T T.81, annex B), so that it gets past the first check of each.
/// </summary>
internal static class JpegMutator
{
    private const byte StartOfScan = 0xDA;
    private const byte Quantisation = 0xDB;
    private const byte Huffman = 0xC4;
    private const byte RestartInterval = 0xDD;
    private const byte Exif = 0xE1;
    private const int MaxPayloadBytes = 65_533;

    private static readonly byte[] FrameTypes =
        [0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF];
    private static readonly byte[] Markers =
    [
        .. FrameTypes, Huffman, 0xCC, 0xD0, 0xD7, 0xD8, 0xD9, StartOfScan, Quantisation, 0xDC, RestartInterval, 0xDE,
        0xE0, Exif, 0xE2, 0xEE, 0xFE, 0x01, 0x02, 0xFF,
    ];
    private static readonly ushort[] Dimensions =
        [0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 255, 256, 4096, 16_384, 65_500, 65_535];

    /// <param name="jpeg">One that is whole.</param>
    /// <param name="other">Another, for its parts.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Mutate(byte[] jpeg, byte[] other, Random random)
    {
        var segments = JpegSegment.Read(jpeg);
        var index = random.Next(segments.Count);
        switch (random.Next(12))
        {
            case 0:
                OfFrame(segments, frame => BinaryPrimitives.WriteUInt16BigEndian(
                    frame.AsSpan(1 + (2 * random.Next(2))), Dimensions[random.Next(Dimensions.Length)]));
                break;
            case 1:
                OfFrame(segments, frame => frame[random.Next(5, frame.Length)] = (byte)random.Next(256));
                break;
            case 2:
                Replace(
                    segments, segment => FrameTypes.Contains(segment.Marker),
                    segment => segment with { Marker = FrameTypes[random.Next(FrameTypes.Length)] });
                break;
            case 3:
                OfTable(segments, random.Next(2) == 0 ? Quantisation : Huffman, random);
                break;
            case 4:
                byte[] interval = [(byte)random.Next(2), (byte)random.Next(256)];
                segments.Insert(index, new JpegSegment(RestartInterval, interval));
                break;
            case 5:
                Replace(
                    segments, segment => segment.Marker == StartOfScan,
                    segment => segment with { Scan = WithRestarts(segment.Scan, random) });
                break;
            case 6:
                OfTable(segments, StartOfScan, random);
                break;
            case 7:
                var segment = segments[index];
                var length = random.Next(4) == 0 ? random.Next(65_536) : segment.Payload.Length + random.Next(8);
                segments[index] = segment with { DeclaredLength = length };
                break;
            case 8:
                segments.InsertRange(index, Enumerable.Repeat(segments[index], 1 << random.Next(9)));
                break;
            case 9:
                segments.RemoveAt(index);
                break;
            case 10:
                var parts = JpegSegment.Read(other);
                segments[index] = parts[random.Next(parts.Count)];
                break;
            default:
                segments.Insert(0, random.Next(3) == 0 ? Noise(random) : OrientedExif(random));
                break;
        }

        return JpegSegment.Write(segments);
    }

    private static void OfFrame(List<JpegSegment> segments, Action<byte[]> change) =>
        Change(segments, segment => FrameTypes.Contains(segment.Marker), change);

    private static void OfTable(List<JpegSegment> segments, byte marker, Random random) =>
        Change(segments, segment => segment.Marker == marker, payload =>
        {
            for (var i = random.Next(1, 4); i > 0; i--)
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
        });

    private static void Change(List<JpegSegment> segments, Predicate<JpegSegment> which, Action<byte[]> change) =>
        Replace(segments, which, segment =>
        {
            var payload = segment.Payload.ToArray();
            change(payload);
            return segment with { Payload = payload };
        });

    private static void Replace(
        List<JpegSegment> segments, Predicate<JpegSegment> which, Func<JpegSegment, JpegSegment> replacement)
    {
        if (segments.FindIndex(which) is >= 0 and var index)
            segments[index] = replacement(segments[index]);
    }

    private static byte[] WithRestarts(byte[] scan, Random random)
    {
        List<byte> bytes = [.. scan];
        for (var i = random.Next(1, 20); i > 0; i--)
            bytes.InsertRange(random.Next(bytes.Count + 1), [0xFF, (byte)(0xD0 + random.Next(8))]);
        return [.. bytes];
    }

    private static JpegSegment Noise(Random random)
    {
        var payload = new byte[random.Next(2) == 0 ? MaxPayloadBytes : random.Next(64)];
        random.NextBytes(payload);
        return new JpegSegment(Markers[random.Next(Markers.Length)], payload);
    }

    /// <summary>
    /// An EXIF segment with the orientation tag and, in places, values that cannot be: offsets beyond the end or back
    /// to the start, counts of any size.
    /// </summary>
    private static JpegSegment OrientedExif(Random random)
    {
        var payload = Testing.Exif.Orientation(random.Next(10), littleEndian: random.Next(2) == 0);
        for (var i = random.Next(3); i > 0; i--)
            payload[random.Next(6, payload.Length)] = (byte)random.Next(256);
        return new JpegSegment(Exif, payload[..random.Next(payload.Length / 2, payload.Length + 1)]);
    }
}
