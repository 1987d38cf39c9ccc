using System.Buffers.Binary;

namespace OpenCvSharp.Jpeg;

/// <summary>What the segments of a JPEG file say about it (ITU-T T.81, annex B), without decoding it.</summary>
internal readonly record struct JpegFile(int Width, int Height, int Components, int Orientation)
{
    private const byte TemporaryMarker = 0x01;
    private const byte FirstRestart = 0xD0;
    private const byte LastRestart = 0xD7;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte RestartInterval = 0xDD;
    private const byte App1 = 0xE1;

    /// <summary>
    /// Reads the segments. Fails where OpenCV gives up: for what is no JPEG, and for files that end before their picture does, which
    /// libjpeg-turbo by itself would fill up with grey.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out JpegFile file)
    {
        file = default;
        if (!bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, StartOfImage, 0xFF]))
            return false;

        var position = 2;
        var isSequential = false;
        var hasRestarts = false;
        while (TryNextMarker(bytes, ref position, out var marker))
        {
            if (marker is TemporaryMarker or (>= FirstRestart and <= LastRestart))
                continue;
            if (marker is StartOfImage or EndOfImage || !TryReadSegment(bytes, ref position, out var segment))
                return false;

            switch (marker)
            {
                case >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC when segment.Length >= 6:
                    // Baseline, extended sequential, and sequential with arithmetic coding.
                    isSequential = marker is 0xC0 or 0xC1 or 0xC9;
                    file = file with
                    {
                        Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]),
                        Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
                        Components = segment[5],
                    };
                    break;
                case RestartInterval when segment.Length >= 2:
                    hasRestarts = BinaryPrimitives.ReadUInt16BigEndian(segment) > 0;
                    break;
                case App1 when file.Orientation == 0 && segment.StartsWith("Exif\0\0"u8):
                    file = file with { Orientation = ExifOrientation.Read(segment["Exif\0\0"u8.Length..]) };
                    break;
                case StartOfScan when segment.Length >= 1:
                    var isOnlyScan = isSequential && segment[0] == file.Components;
                    return file is { Width: > 0, Height: > 0 }
                        && (isOnlyScan ? TrySkipScan(bytes, ref position, hasRestarts) : ReachesEndOfImage(bytes, position));
            }
        }

        return false;
    }

    private static bool ReachesEndOfImage(ReadOnlySpan<byte> bytes, int position)
    {
        while (TrySkipScan(bytes, ref position, hasRestarts: true) && TryNextMarker(bytes, ref position, out var marker))
        {
            if (marker == EndOfImage)
                return true;
            if (marker == StartOfImage || !TryReadSegment(bytes, ref position, out _))
                return false;

            // Tables between two scans are no scan data, but skipping up to the next marker steps over nothing then.
        }

        return false;
    }

    private static bool TryReadSegment(ReadOnlySpan<byte> bytes, ref int position, out ReadOnlySpan<byte> segment)
    {
        segment = default;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(bytes[position..], out var length) || length < 2 || position + length > bytes.Length)
            return false;
        segment = bytes.Slice(position + 2, length - 2);
        position += length;
        return true;
    }

    /// <summary>Steps behind the next marker, over whatever precedes it and its fill bytes.</summary>
    private static bool TryNextMarker(ReadOnlySpan<byte> bytes, ref int position, out byte marker)
    {
        marker = 0;
        while (marker is 0)
        {
            var next = bytes[position..].IndexOf((byte)0xFF);
            if (next < 0)
                return false;
            position += next;
            var afterFill = bytes[position..].IndexOfAnyExcept((byte)0xFF);
            if (afterFill < 0)
                return false;
            position += afterFill + 1;
            marker = bytes[position - 1];
        }

        return true;
    }

    /// <summary>Steps to the marker that ends the entropy-coded data; false when the file ends first.</summary>
    private static bool TrySkipScan(ReadOnlySpan<byte> bytes, ref int position, bool hasRestarts)
    {
        var end = position;
        while (TryNextMarker(bytes, ref end, out var marker))
        {
            if (!hasRestarts || marker is < FirstRestart or > LastRestart)
            {
                position = end - 2;
                return true;
            }
        }

        return false;
    }
}
