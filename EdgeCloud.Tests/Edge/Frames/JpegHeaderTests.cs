using EdgeCloud.Edge.Frames;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class JpegHeaderTests
{
    /// <summary>SOI, SOF0 (8 bits, 3 × 5 pixels, one component), SOS, two bytes of data, EOI.</summary>
    private static readonly byte[] Smallest =
    [
        0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 5, 0, 3, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63,
        0, 0x12, 0x34, 0xFF, 0xD9,
    ];

    private static readonly JpegHeader Small = new(3, 5, Components: 1);

    [Fact]
    public void The_size_is_read() => Assert.Equal(Small, Read(Smallest));

    [Fact]
    public void The_photo_is_512_by_512() =>
        Assert.Equal(
            new JpegHeader(512, 512, Components: 3) { MetadataBytes = (2 * 3192) + (64 * 3) }, Read(Photo.Astronaut));

    [Fact]
    public void Stuffed_bytes_restart_markers_and_fill_bytes_do_not_end_the_data()
    {
        byte[] data = [0x12, 0xFF, 0x00, 0xFF, 0xD3, 0x34, 0xFF, 0xFF, 0xD9];
        Assert.Equal(Small, Read([.. Smallest[..^4], .. data]));
    }

    [Fact]
    public void Bytes_after_the_end_are_ignored() => Assert.Equal(Small, Read([.. Smallest, 0, 0, 0]));

    [Fact]
    public void A_photo_cut_anywhere_is_refused()
    {
        for (var length = 0; length < Photo.Astronaut.Length; length += 97)
            Assert.False(
                JpegHeader.TryRead(Photo.Astronaut.AsSpan(0, length), out _, out _), $"accepted at {length} bytes");
        Assert.False(JpegHeader.TryRead(Photo.Astronaut.AsSpan(0, Photo.Astronaut.Length - 1), out _, out _));
    }

    [Theory]
    [InlineData(6, 12, "12 bits")]
    [InlineData(8, 0, "3 × 0")]
    [InlineData(10, 0, "0 × 5")]
    [InlineData(1, 0x42, "begin like a JPEG")]
    [InlineData(5, 1, "length")]
    [InlineData(5, 4, "too short")]
    [InlineData(3, 0xFE, "before its dimensions")]
    [InlineData(11, 0, "0 components")]
    [InlineData(11, 2, "too short")]
    [InlineData(13, 0x01, "0 × 1")]
    [InlineData(13, 0x1F, "1 × 15")]
    [InlineData(16, 0xDC, "height anew")]
    public void What_cannot_be_decoded_is_named(int position, byte value, string expected)
    {
        byte[] jpeg = [.. Smallest];
        jpeg[position] = value;
        Assert.False(JpegHeader.TryRead(jpeg, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_for_decoding_is_counted_for_pixels_turning_inks_and_coefficients()
    {
        byte[] scan = Smallest[15..^2];
        byte[] progressive = [.. Smallest];
        progressive[3] = 0xC2;
        byte[] inks = [.. Smallest[..4],
            0, 20, .. Smallest[6..11], 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0, .. Smallest[15..]];

        Assert.Equal(15 * 3, Read(Smallest).DecodedBytes);
        Assert.Equal(
            (15 * 6) + (2 * 46) + 64, Read(Exif.Into(Smallest, Exif.Orientation(6, littleEndian: true))).DecodedBytes);
        Assert.Equal(
            (15 * 3) + (2 * 46) + 64, Read(Exif.Into(Smallest, Exif.Orientation(1, littleEndian: false))).DecodedBytes);
        Assert.Equal(
            (15 * 6) + (2 * 16) + 64, Read(Exif.Into(Smallest, [.. "Exif\0\0MM\0*\0\0"u8, 1, 1])).DecodedBytes);
        Assert.Equal(15 * (3 + 2), Read([.. Smallest[..^2], .. scan, .. Smallest[^2..]]).DecodedBytes);
        Assert.Equal(15 * (3 + 2), Read(progressive).DecodedBytes);
        Assert.Equal(15 * (3 + 4), Read(inks).DecodedBytes);
    }

    [Fact]
    public void As_many_scans_as_pictures_have_are_let_through_and_no_more()
    {
        byte[] scan = Smallest[15..^2];
        byte[] Scans(int count) =>
            [.. Smallest[..15], .. Enumerable.Repeat(scan, count).SelectMany(bytes => bytes), .. Smallest[^2..]];

        Read(Scans(JpegHeader.MaxScans));
        Assert.False(JpegHeader.TryRead(Scans(JpegHeader.MaxScans + 1), out _, out var scans));
        Assert.Contains("32 scans", scans, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_of_any_length_is_let_through_and_counted_as_memory()
    {
        byte[] xmp = [0xFF, 0xE1, 0xFF, 0xFF, .. new byte[0xFFFD]];
        byte[] jpeg = [.. Smallest[..2], .. Enumerable.Repeat(xmp, 40).SelectMany(bytes => bytes), .. Smallest[2..]];
        Assert.Equal((15 * 3) + (40 * ((2 * 0xFFFF) + 64)), Read(jpeg).DecodedBytes);
    }

    [Fact]
    public void Two_frame_headers_are_refused()
    {
        Assert.False(JpegHeader.TryRead([.. Smallest[..15], .. Smallest[2..]], out _, out var problem));
        Assert.Contains("more than one", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        var random = new Random(11);
        for (var i = 0; i < 5000; i++)
        {
            byte[] jpeg = [.. Photo.Astronaut[..Math.Min(Photo.Astronaut.Length, 700)]];
            for (var flips = 0; flips < 4; flips++)
                jpeg[random.Next(3, jpeg.Length)] = (byte)random.Next(256);
            JpegHeader.TryRead(jpeg, out _, out _);
        }
    }

    private static JpegHeader Read(byte[] jpeg)
    {
        Assert.True(JpegHeader.TryRead(jpeg, out var header, out var problem), problem);
        return header;
    }
}
