using System.Buffers.Binary;

namespace OpenCvSharp.Jpeg;

/// <summary>The orientation of a photo, as its EXIF data give it: where row 0 and column 0 are on the upright picture.</summary>
internal static class ExifOrientation
{
    private const ushort TiffMark = 42;
    private const ushort OrientationTag = 0x0112;
    private const int EntryBytes = 12;
    private const int ValueOffset = 8;

    /// <summary>Reads the TIFF structure of an EXIF segment.</summary>
    /// <returns>1 to 8; 0 when it is not given.</returns>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || tiff[0] != tiff[1])
            return 0;
        var littleEndian = tiff[0] == 'I';
        if (ReadUInt16(tiff[2..], littleEndian) != TiffMark)
            return 0;

        var directory = littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 0;

        var count = ReadUInt16(tiff[(int)directory..], littleEndian);
        var entries = tiff[((int)directory + 2)..];
        for (; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (ReadUInt16(entries, littleEndian) == OrientationTag)
                return ReadUInt16(entries[ValueOffset..], littleEndian) is >= 1 and <= 8 and var orientation ? orientation : 0;
        }

        return 0;
    }

    /// <summary>Turns a picture upright.</summary>
    public static void Apply(Mat picture, int orientation)
    {
        if (orientation >= 5)
            Cv2.Transpose(picture, picture);
        switch (orientation)
        {
            case 2 or 6:
                Cv2.Flip(picture, picture, FlipMode.Y);
                break;
            case 3 or 7:
                Cv2.Flip(picture, picture, FlipMode.XY);
                break;
            case 4 or 8:
                Cv2.Flip(picture, picture, FlipMode.X);
                break;
        }
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
