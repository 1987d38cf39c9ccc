using OpenCvSharp;

namespace EdgeCloud.Tests.StandIns.OpenCvSharp;

public sealed class BrokenJpegTests
{
    private static readonly byte[] Small = Encode(progressive: false);
    private static readonly byte[] SmallProgressive = Encode(progressive: true);

    public static TheoryData<string> NoJpegs => new(
        "00",
        "FFD8",
        "FFD8FF",
        "FFD8FFD9",
        "FFD8FFFFFFFFFFFF",
        "FFD8FFE00001",
        "FFD8FFDA0002",
        "89504E470D0A1A0A0000000D49484452000000010000000108060000001F15C489",
        Convert.ToHexString("This is a text, and no picture at all."u8));

    [Theory]
    [MemberData(nameof(NoJpegs))]
    public void What_is_no_jpeg_gives_an_empty_matrix(string hex)
    {
        using var picture = Cv2.ImDecode(Convert.FromHexString(hex), ImreadModes.Color);

        Assert.True(picture.Empty());
    }

    [Fact]
    public void Nothing_at_all_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => Cv2.ImDecode([], ImreadModes.Color));
        Assert.Throws<ArgumentNullException>(() => Cv2.ImDecode((byte[])null!, ImreadModes.Color));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_ends_too_early_gives_an_empty_matrix_wherever_it_ends(bool progressive)
    {
        var whole = progressive ? SmallProgressive : Small;
        using (var picture = Cv2.ImDecode(whole, ImreadModes.Color))
            Assert.False(picture.Empty());

        for (var length = 1; length < whole.Length; length++)
        {
            using var picture = Cv2.ImDecode(whole.AsSpan(0, length), ImreadModes.Color);
            Assert.True(picture.Empty(), $"{length} of {whole.Length} bytes gave a picture.");
        }
    }

    [Fact]
    public void A_photo_cut_in_half_gives_an_empty_matrix()
    {
        using var picture = Cv2.ImDecode(Pixels.Astronaut.AsSpan(0, Pixels.Astronaut.Length / 2), ImreadModes.Color);

        Assert.True(picture.Empty());
    }

    [Fact]
    public void What_follows_the_picture_does_not_matter()
    {
        using var expected = Cv2.ImDecode(Small, ImreadModes.Color);
        using var picture = Cv2.ImDecode([.. Small, 1, 2, 3, 0xFF], ImreadModes.Color);

        Assert.Equal(Pixels.Bytes(expected), Pixels.Bytes(picture));
    }

    [Fact]
    public void A_file_without_huffman_tables_is_decoded_with_the_standard_ones_as_webcams_expect()
    {
        using var expected = Cv2.ImDecode(Small, ImreadModes.Color);
        Cv2.ImDecode(SmallProgressive, ImreadModes.Color).Dispose();
        using var picture = Cv2.ImDecode(Without(Small, segment: 0xC4), ImreadModes.Color);

        Assert.Equal(Pixels.Bytes(expected), Pixels.Bytes(picture));
    }

    [Fact]
    public void A_file_without_quantization_tables_does_not_inherit_those_of_the_file_before()
    {
        Cv2.ImDecode(Small, ImreadModes.Color).Dispose();
        using var picture = Cv2.ImDecode(Without(Small, segment: 0xDB), ImreadModes.Color);

        Assert.True(picture.Empty());
    }

    [Fact]
    public void Twelve_bits_give_an_empty_matrix()
    {
        using var picture = Cv2.ImDecode(WithFrame(frame => frame[0] = 12), ImreadModes.Color);

        Assert.True(picture.Empty());
    }

    [Fact]
    public void No_pixels_give_an_empty_matrix()
    {
        using var picture = Cv2.ImDecode(WithFrame(frame => (frame[3], frame[4]) = (0, 0)), ImreadModes.Color);

        Assert.True(picture.Empty());
    }

    [Fact]
    public void More_than_a_gibipixel_is_refused_before_memory_is_taken()
    {
        var huge = WithFrame(frame => (frame[1], frame[2], frame[3], frame[4]) = (0xFD, 0xE8, 0xFD, 0xE8));

        Assert.Throws<OpenCVException>(() => Cv2.ImDecode(huge, ImreadModes.Color));
    }

    [Fact]
    public void Corrupt_files_give_a_picture_or_an_empty_matrix_but_never_a_crash()
    {
        var random = new Random(20260101);
        var (pictures, empty) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            byte[] corrupt = [.. round % 2 == 0 ? Small : SmallProgressive];
            for (var hit = random.Next(1, 6); hit > 0; hit--)
            {
                // The size stays as it is: pictures of random sizes would make this slow, and are tested above.
                var offset = random.Next(2, corrupt.Length);
                if (!IsInFrame(corrupt, offset))
                    corrupt[offset] = (byte)random.Next(256);
            }

            using var picture = Cv2.ImDecode(corrupt, ImreadModes.Color);
            _ = picture.Empty() ? empty++ : pictures++;
        }

        Assert.True(pictures > 100, $"{pictures} pictures");
        Assert.True(empty > 100, $"{empty} empty");
    }

    private static byte[] Encode(bool progressive)
    {
        using var photo = Cv2.ImDecode(Pixels.Astronaut, ImreadModes.Color);
        using var small = new Mat();
        Cv2.Resize(photo, small, new Size(40, 32));
        Cv2.ImEncode(".jpg", small, out var encoded, new ImageEncodingParam(ImwriteFlags.JpegProgressive, progressive ? 1 : 0));
        return encoded;
    }

    private static byte[] Without(byte[] jpeg, byte segment)
    {
        List<byte> kept = [0xFF, 0xD8];
        var offset = 2;
        while (jpeg[offset + 1] != 0xDA)
        {
            var end = offset + 2 + (jpeg[offset + 2] << 8) + jpeg[offset + 3];
            if (jpeg[offset + 1] != segment)
                kept.AddRange(jpeg[offset..end]);
            offset = end;
        }

        return [.. kept, .. jpeg[offset..]];
    }

    private static bool IsInFrame(byte[] jpeg, int offset)
    {
        var frame = FrameOffset(jpeg);
        return offset >= frame - 4 && offset < frame + 6;
    }

    private static byte[] WithFrame(Action<Span<byte>> change)
    {
        byte[] jpeg = [.. Small];
        change(jpeg.AsSpan(FrameOffset(jpeg)));
        return jpeg;
    }

    /// <summary>Where the frame header's precision is; height and width follow.</summary>
    private static int FrameOffset(byte[] jpeg)
    {
        for (var offset = 2; offset >= 2 && offset + 4 < jpeg.Length; offset += 2 + (jpeg[offset + 2] << 8) + jpeg[offset + 3])
        {
            if (jpeg[offset + 1] is 0xC0 or 0xC2)
                return offset + 4;
        }

        return int.MinValue / 2;
    }
}
