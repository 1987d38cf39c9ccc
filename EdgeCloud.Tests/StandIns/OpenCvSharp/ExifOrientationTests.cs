using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class ExifOrientationTests
{
    private const int Width = 32;
    private const int Height = 16;

    public static IEnumerable<object[]> OrientationsInBothByteOrders =>
        from orientation in Enumerable.Range(1, 8)
        from littleEndian in new[] { true, false }
        select new object[] { orientation, littleEndian };

    [Theory]
    [MemberData(nameof(OrientationsInBothByteOrders))]
    public void A_photo_is_turned_upright(int orientation, bool littleEndian)
    {
        using var picture = Cv2.ImDecode(Photo(orientation, littleEndian), ImreadModes.Grayscale);

        AssertUpright(picture);
    }

    [Theory]
    [InlineData(ImreadModes.Grayscale | ImreadModes.IgnoreOrientation)]
    [InlineData(ImreadModes.Unchanged)]
    public void A_photo_is_left_as_stored_when_so_told(ImreadModes mode)
    {
        using var picture = Cv2.ImDecode(Photo(orientation: 6, littleEndian: true), mode);

        Assert.Equal(new Size(Height, Width), picture.Size());
    }

    [Fact]
    public void A_reduced_photo_is_turned_upright_too()
    {
        using var picture = Cv2.ImDecode(Photo(orientation: 6, littleEndian: true), ImreadModes.ReducedGrayscale2);

        Assert.Equal(new Size(Width / 2, Height / 2), picture.Size());
    }

    [Fact]
    public void An_orientation_that_does_not_exist_is_ignored()
    {
        foreach (var orientation in new[] { 0, 9, 255, 65535 })
        {
            using var picture = Cv2.ImDecode(Exif.Into(Stored(1), Exif.Orientation(orientation, littleEndian: true)), ImreadModes.Grayscale);
            AssertUpright(picture);
        }
    }

    [Fact]
    public void Exif_data_cut_short_or_corrupt_are_ignored()
    {
        var exif = Exif.Orientation(6, littleEndian: false);
        byte[] farDirectory = [.. exif];
        farDirectory[10] = 0x7F;
        byte[] wrongMark = [.. exif];
        wrongMark[9] = 43;
        byte[][] broken = [.. Enumerable.Range(0, exif.Length - 4).Select(length => exif[..length]), farDirectory, wrongMark];

        foreach (var data in broken)
        {
            using var picture = Cv2.ImDecode(Exif.Into(Stored(1), data), ImreadModes.Grayscale);
            AssertUpright(picture);
        }
    }

    private static byte Upright(int x, int y) => (byte)((x < Width / 2 ? 40 : 100) + (y < Height / 2 ? 0 : 120));

    private static void AssertUpright(Mat picture)
    {
        Assert.Equal(new Size(Width, Height), picture.Size());
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                Assert.InRange(picture.At<byte>(y, x), Upright(x, y) - 2, Upright(x, y) + 2);
        }
    }

    private static byte[] Photo(int orientation, bool littleEndian) => Exif.Into(Stored(orientation), Exif.Orientation(orientation, littleEndian));

    /// <summary>The upright picture as a camera stores it, by EXIF's own words: which edges of the picture row 0 and column 0 are.</summary>
    private static byte[] Stored(int orientation)
    {
        var (row0, column0) = orientation switch
        {
            1 => ("top", "left"),
            2 => ("top", "right"),
            3 => ("bottom", "right"),
            4 => ("bottom", "left"),
            5 => ("left", "top"),
            6 => ("right", "top"),
            7 => ("right", "bottom"),
            _ => ("left", "bottom"),
        };
        var (rows, columns) = orientation <= 4 ? (Height, Width) : (Width, Height);
        using var stored = new Mat(rows, columns, MatType.CV_8UC1);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var (x, y) = (0, 0);
                Place(row0, row);
                Place(column0, column);
                stored.Set(row, column, Upright(x, y));

                void Place(string edge, int distance) => _ = edge switch
                {
                    "top" => y = distance,
                    "bottom" => y = Height - 1 - distance,
                    "left" => x = distance,
                    _ => x = Width - 1 - distance,
                };
            }
        }

        Cv2.ImEncode(".jpg", stored, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, 100));
        return jpeg;
    }
}
