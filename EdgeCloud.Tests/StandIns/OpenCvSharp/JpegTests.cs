using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class JpegTests
{
    [Fact]
    public void A_photo_survives_a_round_trip()
    {
        using var photo = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);
        Cv2.ImEncode(".jpg", photo, out var encoded);
        using var again = Cv2.ImDecode(encoded.AsSpan(), ImreadModes.Color);

        Assert.Equal(new Size(512, 512), photo.Size());
        Assert.Equal(MatType.CV_8UC3, photo.Type());
        Assert.InRange(Pixels.PeakSignalToNoiseRatio(photo, again), 38, 60);
    }

    [Fact]
    public void Channels_are_blue_green_red()
    {
        using var red = new Mat(16, 16, MatType.CV_8UC3, new Scalar(0, 0, 255));
        Cv2.ImEncode(".jpeg", red, out var encoded);
        using var decoded = Cv2.ImDecode(encoded, ImreadModes.Color);

        Assert.InRange(decoded.At<byte>(8, 8), 0, 3);
        Assert.InRange(decoded.RowSpan<byte>(8)[(8 * 3) + 2], 252, 255);
    }

    [Fact]
    public void A_fourth_channel_is_ignored()
    {
        using var opaque = new Mat(16, 16, MatType.CV_8UC3, new Scalar(10, 120, 240));
        using var translucent = new Mat(16, 16, MatType.CV_8UC4, new Scalar(10, 120, 240, 7));

        Cv2.ImEncode(".jpg", opaque, out var one);
        Cv2.ImEncode(".jpg", translucent, out var other);

        Assert.Equal(one, other);
    }

    [Fact]
    public void The_mode_decides_about_colour()
    {
        using var grayPicture = new Mat(8, 8, MatType.CV_8UC1, new Scalar(100));
        Cv2.ImEncode(".jpg", grayPicture, out var gray);

        Assert.Equal(1, Channels(Pixels.Astronaut, ImreadModes.Grayscale));
        Assert.Equal(3, Channels(Pixels.Astronaut, ImreadModes.Unchanged));
        Assert.Equal(3, Channels(Pixels.Astronaut, ImreadModes.AnyColor));
        Assert.Equal(1, Channels(Pixels.Astronaut, ImreadModes.AnyDepth));
        Assert.Equal(3, Channels(gray, ImreadModes.Color));
        Assert.Equal(1, Channels(gray, ImreadModes.Unchanged));
        Assert.Equal(1, Channels(gray, ImreadModes.AnyColor));
    }

    [Fact]
    public void Grey_is_the_luminance_the_file_holds()
    {
        using var color = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);
        using var gray = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Grayscale);
        using var converted = new Mat();
        Cv2.CvtColor(color, converted, ColorConversionCodes.BGR2GRAY);

        Assert.InRange(Pixels.PeakSignalToNoiseRatio(gray, converted), 40, 100);
    }

    [Theory]
    [InlineData(ImreadModes.ReducedColor2, 2)]
    [InlineData(ImreadModes.ReducedColor4, 4)]
    [InlineData(ImreadModes.ReducedColor8, 8)]
    public void A_reduced_picture_is_a_smaller_one_of_the_same(ImreadModes mode, int divisor)
    {
        using var full = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);
        using var reduced = Cv2.ImDecode(Pixels.Astronaut, mode);
        using var shrunk = new Mat();
        Cv2.Resize(full, shrunk, new Size(512 / divisor, 512 / divisor), interpolation: InterpolationFlags.Area);

        Assert.Equal(shrunk.Size(), reduced.Size());
        Assert.InRange(Pixels.PeakSignalToNoiseRatio(reduced, shrunk), 30, 100);
    }

    [Fact]
    public void A_reduced_size_is_rounded_up()
    {
        using var picture = new Mat(17, 33, MatType.CV_8UC1, new Scalar(9));
        Cv2.ImEncode(".jpg", picture, out var encoded);
        using var reduced = Cv2.ImDecode(encoded, ImreadModes.ReducedGrayscale8);

        Assert.Equal((3, 5, 1), (reduced.Rows, reduced.Cols, reduced.Channels()));
    }

    [Fact]
    public void Quality_is_95_unless_told()
    {
        using var photo = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);

        Assert.True(Cv2.ImEncode(".jpg", photo, out var standard));
        Assert.True(Cv2.ImEncode(".JPG", photo, out var explicit95, [(int)ImwriteFlags.JpegQuality, 95]));
        Cv2.ImEncode(".jpe", photo, out var low, new ImageEncodingParam(ImwriteFlags.JpegQuality, 20));
        Cv2.ImEncode(".jpg", photo, out var progressive, new ImageEncodingParam(ImwriteFlags.JpegProgressive, 1));

        Assert.Equal(standard, explicit95);
        Assert.True(low.Length < standard.Length / 3);
        Assert.Contains("FFC2", Convert.ToHexString(progressive));
        using var one = Cv2.ImDecode(standard, ImreadModes.Color);
        using var other = Cv2.ImDecode(progressive, ImreadModes.Color);
        Assert.Equal(Pixels.Bytes(one), Pixels.Bytes(other));
    }

    [Fact]
    public void A_picture_is_encoded_the_same_whatever_was_encoded_before()
    {
        using var photo = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);

        Cv2.ImEncode(".jpg", photo, out var before);
        Cv2.ImEncode(".jpg", photo, out _, new ImageEncodingParam(ImwriteFlags.JpegProgressive, 1));
        Cv2.ImEncode(".jpg", photo, out var after);

        Assert.Equal(before, after);
    }

    [Fact]
    public void Arithmetic_coding_is_understood()
    {
        using var picture = Cv2.ImDecode(RareJpegs.Arithmetic, ImreadModes.Grayscale);

        Assert.Equal(new Size(16, 16), picture.Size());
        Assert.InRange(picture.At<byte>(3, 3), 38, 42);
        Assert.InRange(picture.At<byte>(3, 12), 198, 202);
    }

    [Fact]
    public void Printers_colours_become_screen_colours()
    {
        using var color = Cv2.ImDecode(RareJpegs.Cmyk, ImreadModes.Color);
        using var gray = Cv2.ImDecode(RareJpegs.Cmyk, ImreadModes.Grayscale);

        AssertPixel([255, 255, 255], row: 3, column: 3);
        AssertPixel([255, 255, 0], row: 3, column: 12);
        AssertPixel([0, 128, 128], row: 12, column: 3);
        AssertPixel([0, 0, 0], row: 12, column: 12);
        Assert.InRange(gray.At<byte>(3, 3), 252, 255);
        Assert.InRange(gray.At<byte>(12, 12), 0, 3);

        void AssertPixel(byte[] expected, int row, int column)
        {
            for (var channel = 0; channel < 3; channel++)
                Assert.InRange(color.RowSpan<byte>(row)[(column * 3) + channel], expected[channel] - 6, expected[channel] + 6);
        }
    }

    [Fact]
    public void What_cannot_be_encoded_is_refused()
    {
        using var picture = new Mat(2, 2, MatType.CV_8UC1, new Scalar(1));
        using var twoChannels = new Mat(2, 2, MatType.CV_8UC(2), new Scalar(1));

        Assert.Throws<OpenCVException>(() => Cv2.ImEncode(".nothing", picture, out _));
        Assert.Throws<OpenCVException>(() => Cv2.ImEncode("jpg", picture, out _));
        Assert.Throws<OpenCVException>(() => Cv2.ImEncode(".jpg", new Mat(), out _));
        Assert.Throws<OpenCVException>(() => Cv2.ImEncode(".jpg", twoChannels, out _));
        Assert.Throws<OpenCVException>(() => Cv2.ImEncode(".jpg", picture, out _, [1]));
    }

    [Fact]
    public void A_picture_wider_than_a_jpeg_can_be_is_not_encoded()
    {
        using var picture = new Mat(1, 70_000, MatType.CV_8UC1, new Scalar(1));

        Assert.False(Cv2.ImEncode(".jpg", picture, out var encoded));
        Assert.Empty(encoded);
    }

    [Fact]
    public void Threads_decode_side_by_side()
    {
        using var expected = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);
        var bytes = Pixels.Bytes(expected);

        Parallel.For(0, 16, _ =>
        {
            using var picture = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);
            Assert.True(picture.AsSpan<byte>().SequenceEqual(bytes));
        });
    }

    private static int Channels(byte[] jpeg, ImreadModes mode)
    {
        using var picture = Cv2.ImDecode(jpeg, mode);
        return picture.Channels();
    }
}
