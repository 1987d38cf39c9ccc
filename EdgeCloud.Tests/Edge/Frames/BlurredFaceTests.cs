using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using Microsoft.Extensions.DependencyInjection;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class BlurredFaceTests : IAsyncLifetime
{
    private const string Thumbnail = "a face that is to be seen nowhere";

    private readonly TemporaryFolder _folder = new();
    private readonly EdgeApplication _edge;
    private HttpClient _client = null!;

    public BlurredFaceTests() => _edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
    {
        ["Edge:Frames:Blur"] = "Faces",
        ["Edge:Frames:FrameFile"] = FrameFile,
        ["Edge:MotionGate:Enabled"] = "true",
    });

    private string FrameFile => _folder.File("frame.jpg");

    public async Task InitializeAsync()
    {
        _client = _edge.CreateClient();
        await _edge.ReadyAsync();
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_face_is_gone_from_the_newest_frame_and_from_the_file_and_the_rest_is_as_it_was()
    {
        var (answer, face) = await PostAsync(Photo.Astronaut, "edge-1");
        Assert.Equal("faces", Assert.Single(answer.Headers.GetValues("EdgeCloud-Blur")));

        var shown = await _client.GetByteArrayAsync("/frame.jpg");
        Assert.Null((await PostAsync(shown, "again")).Face);
        var (inside, outside) = Differences(Photo.Astronaut, shown, face!.Value);
        Assert.InRange(inside, 15, 255);
        Assert.InRange(outside, 0, 3);
        await Eventually.HoldsAsync(
            () => File.Exists(FrameFile) && File.ReadAllBytes(FrameFile).SequenceEqual(shown), "the file has it");
    }

    [Fact]
    public async Task A_face_that_the_models_need_not_look_for_again_is_blurred_where_it_was_found()
    {
        var (first, face) = await PostAsync(Photo.Astronaut, "edge-1");
        var (second, _) = await PostAsync(Photo.Astronaut, "edge-1");
        Assert.True((await EventAsync(second)).GetProperty("unchanged").GetBoolean());
        var shown = await _client.GetByteArrayAsync("/frame.jpg");
        Assert.InRange(Differences(Photo.Astronaut, shown, face!.Value).Inside, 15, 255);

        var looked = await EventAsync(first);
        var repeated = await _client.PostAsJsonAsync("/frame/unchanged", new
        {
            sequence = looked.GetProperty("frame").GetProperty("sequence").GetInt64(),
            event_id = looked.GetProperty("event_id").GetString(),
            device_id = "edge-1",
        });
        repeated.EnsureSuccessStatusCode();
        Assert.Equal(shown, await _client.GetByteArrayAsync("/frame.jpg"));
    }

    [Fact]
    public async Task A_thumbnail_in_the_metadata_is_gone_too()
    {
        await PostAsync(WithThumbnail(Photo.Astronaut), "edge-1");

        var shown = await _client.GetByteArrayAsync("/frame.jpg");
        Assert.Equal(-1, shown.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Thumbnail)));
        Assert.Equal(-1, shown.AsSpan().IndexOf("Exif"u8));
    }

    [Fact]
    public async Task A_photo_taken_with_the_camera_turned_is_shown_upright_with_its_face_blurred()
    {
        using var upright = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        using var stored = new Mat();
        Cv2.Rotate(upright, stored, RotateFlags.Rotate90Counterclockwise);
        var turned = Exif.Into(Photo.Jpeg(stored), Exif.Orientation(6, littleEndian: true));

        var (_, face) = await PostAsync(turned, "edge-1");

        var shown = await _client.GetByteArrayAsync("/frame.jpg");
        Assert.Null((await PostAsync(shown, "again")).Face);
        var (inside, outside) = Differences(Photo.Astronaut, shown, face!.Value);
        Assert.InRange(inside, 15, 255);
        Assert.InRange(outside, 0, 3);
    }

    [Fact]
    public async Task Blurring_is_a_stage_and_part_of_the_total()
    {
        using var measurements = new Measurements(_edge.Services.GetRequiredService<IMeterFactory>());

        var (answer, _) = await PostAsync(Photo.Astronaut, "edge-1");

        var stages = measurements.Of("edgecloud.stage.duration").ToDictionary(
            measured => measured.Tags["stage=".Length..], measured => measured.Value * 1000);
        Assert.InRange(stages["blur"], 1e-3, 10_000);
        var total = (await EventAsync(answer)).GetProperty("timing_ms").GetProperty("total").GetDouble();
        Assert.InRange(
            total, stages["decode"] + stages["letterbox"] + stages["face"] + stages["blur"] - 0.001, 60_000);
    }

    [Fact]
    public void No_picture_and_its_JPEG_need_more_memory_than_is_counted_for_it()
    {
        // Black and white at random is the worst that there is for a JPEG.
        using var picture = new Mat(600, 800, MatType.CV_8UC3);
        var random = new Random(1);
        foreach (ref var value in picture.AsSpan<byte>())
            value = (byte)(random.Next(2) * 255);

        var jpeg = FaceBlur.Encode(picture, []);

        Assert.InRange((3 * 800 * 600) + (3 * jpeg.Length), 0, FaceBlur.MaxBytes(800, 600));
    }

    [Fact]
    public async Task A_photo_whose_blurring_finds_no_memory_is_rejected_like_one_whose_decoding_does_not()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:Frames:Blur"] = "Faces",
            ["Edge:Frames:FrameFile"] = "",
            ["Edge:Frames:MaxBodyBytes"] = "1048576",
            ["Edge:Frames:MaxMemoryBytes"] = "4194304",
        });
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        var rejected = await client.PostJpegAsync(Photo.Blank(1000, 1000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, rejected.StatusCode);
        Assert.Contains("7000000", await rejected.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await client.PostJpegAsync(Photo.Blank(700, 700))).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData(-0.2, -0.1)]
    [InlineData(0.9, 0.95)]
    [InlineData(1.5, -3)]
    public void A_face_may_lie_beyond_the_picture(double xmin, double ymin)
    {
        using var picture = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        var face = new Face { Conf = 0.9, Xmin = xmin, Ymin = ymin, Width = 0.25, Height = 0.2 };

        using var shown = Cv2.ImDecode(FaceBlur.Encode(picture, [face]), ImreadModes.Color);

        Assert.Equal(picture.Size(), shown.Size());
    }

    private async Task<(HttpResponseMessage Answer, Rect2d? Face)> PostAsync(byte[] jpeg, string device)
    {
        var answer = await _client.PostJpegAsync(jpeg, $"?device_id={device}");
        var faces = (await EventAsync(answer)).GetProperty("faces");
        return (answer, faces.GetArrayLength() == 0 ? null : new Rect2d(
            Number("xmin"), Number("ymin"), Number("width"), Number("height")));

        double Number(string name) => faces[0].GetProperty(name).GetDouble();
    }

    private static async Task<JsonElement> EventAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync());

    /// <returns>Mean differences of grey levels in a face's box, and beyond half its size around it.</returns>
    private static (double Inside, double Outside) Differences(byte[] one, byte[] other, Rect2d face)
    {
        using var before = Cv2.ImDecode(one, ImreadModes.Color);
        using var after = Cv2.ImDecode(other, ImreadModes.Color);
        using var difference = new Mat();
        Cv2.Absdiff(before, after, difference);
        using var box = Mask(before, face, margin: 0);
        using var around = Mask(before, face, margin: 0.5);
        Cv2.BitwiseNot(around, around);
        return (Mean(Cv2.Mean(difference, box)), Mean(Cv2.Mean(difference, around)));

        static double Mean(Scalar sums) => (sums.Val0 + sums.Val1 + sums.Val2) / 3;
    }

    private static Mat Mask(Mat picture, Rect2d face, double margin)
    {
        var mask = new Mat(picture.Size(), MatType.CV_8UC1, Scalar.All(0));
        var rectangle = new Rect(
            (int)((face.X - (margin * face.Width)) * picture.Width),
            (int)((face.Y - (margin * face.Height)) * picture.Height),
            (int)((1 + (2 * margin)) * face.Width * picture.Width),
            (int)((1 + (2 * margin)) * face.Height * picture.Height));
        Cv2.Rectangle(mask, rectangle, Scalar.All(255), thickness: -1);
        return mask;
    }

    /// <summary>Behind the beginning of a JPEG an Exif segment without fields, and something behind those.</summary>
    private static byte[] WithThumbnail(byte[] jpeg)
    {
        byte[] exif = [.. "Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"u8, .. Encoding.ASCII.GetBytes(Thumbnail)];
        return [.. jpeg.AsSpan(0, 2), 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg.AsSpan(2)];
    }
}
