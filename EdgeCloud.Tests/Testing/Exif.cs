namespace EdgeCloud.Tests.Testing;

/// <summary>EXIF data as cameras write them, for pictures of the tests.</summary>
internal static class Exif
{
    /// <summary>A TIFF structure with two entries, a width and the orientation.</summary>
    public static byte[] Orientation(int orientation, bool littleEndian)
    {
        var bytes = new List<byte>("Exif\0\0"u8.ToArray());
        bytes.AddRange(littleEndian ? "II"u8 : "MM"u8);
        Add(42, 2);
        Add(8, 4);
        Add(2, 2);
        foreach (var (tag, value) in new[] { (0x0100, 4711), (0x0112, orientation) })
        {
            Add(tag, 2);
            Add(3, 2);
            Add(1, 4);
            Add(value, 2);
            Add(0, 2);
        }

        Add(0, 4);
        return [.. bytes];

        void Add(int value, int size)
        {
            for (var index = 0; index < size; index++)
                bytes.Add((byte)(value >> (8 * (littleEndian ? index : size - 1 - index))));
        }
    }

    /// <returns>The JPEG with the data in its first segment.</returns>
    public static byte[] Into(byte[] jpeg, byte[] exif) =>
        [0xFF, 0xD8, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
}
