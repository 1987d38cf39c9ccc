using System.Buffers.Binary;

namespace EdgeCloud.Edge.Frames;

/// <summary>The orientation in the EXIF data of a JPEG (CIPA DC-008, 4.6.4; TIFF 6.0, section 2).</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;
    private const int EntryBytes = 12;

    /// <param name="segment">What an APP1 marker segment holds.</param>
    /// <returns>
    /// Whether a decoder may turn or mirror the picture: orientations 2 to 8, and data that cannot be read to the end.
    /// </returns>
    public static bool MayTurn(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8))
            return false;
        var tiff = segment[6..];
        var isLittleEndian = tiff.StartsWith("II"u8);
        if (!(isLittleEndian || tiff.StartsWith("MM"u8)) || tiff.Length < 8)
            return true;

        var directory = isLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory + 2L > tiff.Length)
            return true;
        var entries = tiff[((int)directory + 2)..];
        for (var i = ReadShort(tiff[(int)directory..]); i > 0; i--)
        {
            if (entries.Length < EntryBytes)
                return true;
            if (ReadShort(entries) == Tag)
                return ReadShort(entries[8..]) is >= 2 and <= 8;
            entries = entries[EntryBytes..];
        }

        return false;

        int ReadShort(ReadOnlySpan<byte> at) => isLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(at)
            : BinaryPrimitives.ReadUInt16BigEndian(at);
    }
}
