using System.Net;
using System.Text.Json;
using EdgeCloud.Contract;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Frames;

/// <summary>
/// Pictures that cameras seldom send, and broken ones: each is looked at right or refused with
/// 400 and why; nothing else.
/// </summary>
public sealed class BadPictureTests(EdgeFixture edge) : IClassFixture<EdgeFixture>
{
    private static readonly byte[] Progressive = AsProgressive();

    public static TheoryData<int> Percents => new(Enumerable.Range(0, 20).Select(step => step * 5));

    [Theory]
    [InlineData("arithmetic.jpg")]
    [InlineData("arithmetic-progressive.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("restart-markers.jpg")]
    [InlineData("rgb.jpg")]
    [InlineData("ycck.jpg")]
    public async Task A_JPEG_of_a_rare_kind_is_looked_at_as_any_other(string file) =>
        await AssertFaceFoundAsync(Rare(file));

    [Fact]
    public async Task A_progressive_JPEG_is_looked_at_as_any_other() => await AssertFaceFoundAsync(Progressive);

    [Fact]
    public async Task A_grey_JPEG_is_looked_at_as_any_other()
    {
        using var grey = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Grayscale);
        Assert.Equal(1, grey.Channels());
        await AssertFaceFoundAsync(Photo.Jpeg(grey));
    }

    [Fact]
    public async Task A_JPEG_without_Huffman_tables_as_webcams_send_them_is_looked_at_with_the_standard_ones() =>
        await AssertFaceFoundAsync(Without(0xC4));

    [Fact]
    public async Task A_JPEG_without_quantization_tables_does_not_inherit_those_of_the_frame_before()
    {
        await AssertFaceFoundAsync(Photo.Astronaut);
        await AssertRefusedAsync(Without(0xDB), "decoded");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exif_data_that_are_cut_short_or_say_nonsense_are_ignored(bool littleEndian)
    {
        var exif = Exif.Orientation(6, littleEndian);
        await AssertFaceFoundAsync(Exif.Into(Photo.Astronaut, exif[..20]));
        await AssertFaceFoundAsync(Exif.Into(Photo.Astronaut, Exif.Orientation(9, littleEndian)));
    }

    [Fact]
    public async Task A_JPEG_of_12_bits_is_refused() => await AssertRefusedAsync(WithPrecision(12), "12 bits");

    [Fact]
    public async Task A_lossless_JPEG_is_looked_at_or_refused_according_to_the_decoder()
    {
        var answer = await edge.Client.PostJpegAsync(Rare("lossless.jpg"));
        if (answer.StatusCode == HttpStatusCode.OK)
            AssertPhotosFace(await FacesAsync(answer));
        else
            await AssertRefusedAsync(answer, "decoded");
    }

    [Theory]
    [MemberData(nameof(Percents))]
    public async Task A_JPEG_cut_anywhere_is_refused(int percent)
    {
        foreach (var whole in new[] { Photo.Astronaut, Progressive })
        {
            var answer = await edge.Client.PostJpegAsync(whole[..(whole.Length * percent / 100)]);
            await AssertRefusedAsync(answer, percent == 0 ? "begin like a JPEG" : "truncated");
        }
    }

    [Theory]
    [MemberData(nameof(Percents))]
    public async Task A_JPEG_cut_anywhere_that_pretends_to_be_whole_is_never_more_than_its_one_person(int percent)
    {
        foreach (var whole in new[] { Photo.Astronaut, Progressive })
        {
            var answer = await edge.Client.PostJpegAsync([.. whole[..(whole.Length * percent / 100)], 0xFF, 0xD9]);
            if (answer.StatusCode != HttpStatusCode.OK)
                await AssertRefusedAsync(answer, "");
            else if (await FacesAsync(answer) is { Count: > 0 } faces)
                AssertPhotosFace(faces, tolerance: 0.08);
        }
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 255)]
    [InlineData(1, 4000, 0)]
    [InlineData(1, 4000, 255)]
    [InlineData(4000, 1, 0)]
    [InlineData(4000, 1, 255)]
    [InlineData(640, 480, 0)]
    [InlineData(640, 480, 255)]
    public async Task In_a_picture_of_one_colour_and_of_any_shape_there_is_no_person(int width, int height, int level)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3, Scalar.All(level));
        var answer = await edge.Client.PostJpegAsync(Photo.Jpeg(picture));

        Assert.Empty(await FacesAsync(answer));
        Assert.Equal(new { width, height }, SizeOf(await answer.EventAsync()));
    }

    [Theory]
    [InlineData(1, 4000)]
    [InlineData(4000, 1)]
    [InlineData(2, 2000)]
    [InlineData(320, 240)]
    public async Task In_noise_of_any_shape_there_is_no_person(int width, int height)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3);
        new Random(5).NextBytes(picture.AsSpan<byte>());
        Assert.Empty(await FacesAsync(await edge.Client.PostJpegAsync(Photo.Jpeg(picture))));
    }

    private static object SizeOf(JsonElement found)
    {
        var frame = found.GetProperty("frame");
        return new { width = frame.GetProperty("width").GetInt32(), height = frame.GetProperty("height").GetInt32() };
    }

    private static byte[] Rare(string file) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Photos", "rare", file));

    private static byte[] AsProgressive()
    {
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        Cv2.ImEncode(".jpg", photo, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegProgressive, 1));
        Assert.True(
            jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC2]) > 0, "The encoder has not written a progressive JPEG.");
        return jpeg;
    }

    /// <summary>The photo without the segments of a kind.</summary>
    private static byte[] Without(byte marker)
    {
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        var whole = Photo.Jpeg(photo);
        List<byte> kept = [.. whole[..2]];
        for (var at = 2; at < whole.Length;)
        {
            // From the scan on there are no segments any more.
            var length = whole[at + 1] == 0xDA ? whole.Length - at : 2 + ((whole[at + 2] << 8) | whole[at + 3]);
            if (whole[at + 1] != marker)
                kept.AddRange(whole.AsSpan(at, length));
            at += length;
        }

        Assert.True(kept.Count < whole.Length, "There is no such segment.");
        return [.. kept];
    }

    /// <summary>
    /// The photo with another precision in its frame header, which is all that is read of such a file.
    /// </summary>
    private static byte[] WithPrecision(byte bits)
    {
        byte[] jpeg = [.. Photo.Astronaut];
        jpeg[jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]) + 4] = bits;
        return jpeg;
    }

    private async Task AssertFaceFoundAsync(byte[] jpeg) =>
        AssertPhotosFace(await FacesAsync(await edge.Client.PostJpegAsync(jpeg)));

    /// <returns>The faces of an event that holds to the contract, so that every number in it is one.</returns>
    private static async Task<IReadOnlyList<Face>> FacesAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.True(
            DetectionEventJson.TryRead(await answer.Content.ReadAsByteArrayAsync(), out var read, out var reason),
            reason);
        Assert.Equal(read.Faces.Count, read.PersonsDetected);
        return read.Faces;
    }

    private static void AssertPhotosFace(IReadOnlyList<Face> faces, double tolerance = 0.03)
    {
        var face = Assert.Single(faces);
        Assert.Equal(0.44, face.Xmin + (face.Width / 2), tolerance);
        Assert.Equal(0.25, face.Ymin + (face.Height / 2), tolerance);
    }

    private async Task AssertRefusedAsync(byte[] jpeg, string why) =>
        await AssertRefusedAsync(await edge.Client.PostJpegAsync(jpeg), why);

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, string why)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{(int)answer.StatusCode} {text}");
        var detail = JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString();
        Assert.False(string.IsNullOrWhiteSpace(detail));
        Assert.Contains(why, detail, StringComparison.Ordinal);
    }
}
