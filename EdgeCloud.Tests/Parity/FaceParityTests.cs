using System.Text.Json;
using Xunit.Abstractions;

namespace EdgeCloud.Tests.Parity;

public sealed class FaceParityTests(FaceParityTests.BothRanges edges, ITestOutputHelper output)
    : IClassFixture<FaceParityTests.BothRanges>
{
    private const double MinOverlap = 0.999;
    private const double MaxScoreDifference = 1e-3;
    private const double MaxKeypointPixels = 0.1;

    public static TheoryData<string> Pictures => new(ParityPicture.All.Keys);

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task The_short_range_model_finds_what_MediaPipe_finds(string picture) =>
        await AssertSameAsync(edges.ShortRange, ParityPicture.All[picture], reference => reference.ShortRange);

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task The_full_range_model_finds_what_MediaPipe_finds(string picture) =>
        await AssertSameAsync(edges.FullRange, ParityPicture.All[picture], reference => reference.FullRange);

    private async Task AssertSameAsync(
        HttpClient edge, ParityPicture picture, Func<Reference, IReadOnlyList<ReferenceFace>> choose)
    {
        var reference = Reference.Of(picture);
        var expected = choose(reference);
        var found = await (await edge.PostJpegAsync(picture.Jpeg)).EventAsync();
        var actual = found.GetProperty("faces").EnumerateArray().Select(Read).ToList();

        Assert.True(expected.Count == actual.Count, $"MediaPipe finds {Scores(expected)}, the edge {Scores(actual)}.");
        double leastOverlap = 1, score = 0, keypointPixels = 0;
        foreach (var face in expected)
        {
            var nearest = actual.MaxBy(candidate => Overlap(candidate.Box, face.Box))!;
            actual.Remove(nearest);
            leastOverlap = Math.Min(leastOverlap, Overlap(nearest.Box, face.Box));
            score = Math.Max(score, Math.Abs(nearest.Score - face.Score));
            for (var i = 0; i < face.Keypoints.Length; i += 2)
            {
                keypointPixels = Math.Max(keypointPixels, double.Hypot(
                    (nearest.Keypoints[i] - face.Keypoints[i]) * reference.Width,
                    (nearest.Keypoints[i + 1] - face.Keypoints[i + 1]) * reference.Height));
            }
        }

        output.WriteLine($"{expected.Count} faces; largest differences: 1 - IoU {1 - leastOverlap:E1}, "
            + $"score {score:E1}, key points {keypointPixels:F4} px");
        Assert.InRange(leastOverlap, MinOverlap, 1);
        Assert.InRange(score, 0, MaxScoreDifference);
        Assert.InRange(keypointPixels, 0, MaxKeypointPixels);
    }

    private static string Scores(IEnumerable<ReferenceFace> faces) =>
        $"[{string.Join(", ", faces.Select(face => face.Score.ToString("F5", null)))}]";

    private static ReferenceFace Read(JsonElement face) => new(
        Number(face, "conf"),
        [Number(face, "xmin"), Number(face, "ymin"), Number(face, "width"), Number(face, "height")],
        [.. new[] { "right_eye", "left_eye", "nose_tip", "mouth_center", "right_ear_tragion", "left_ear_tragion" }
            .SelectMany(name =>
                face.GetProperty("keypoints").GetProperty(name).EnumerateArray().Select(value => value.GetDouble()))]);

    private static double Number(JsonElement face, string name) => face.GetProperty(name).GetDouble();

    /// <summary>Intersection over union of two boxes given as left, top, width, height.</summary>
    private static double Overlap(double[] a, double[] b)
    {
        var width = Math.Min(a[0] + a[2], b[0] + b[2]) - Math.Max(a[0], b[0]);
        var height = Math.Min(a[1] + a[3], b[1] + b[3]) - Math.Max(a[1], b[1]);
        var shared = Math.Max(width, 0) * Math.Max(height, 0);
        return shared / ((a[2] * a[3]) + (b[2] * b[3]) - shared);
    }

    /// <summary>One edge for each range, at the thresholds that MediaPipe has for them.</summary>
    public sealed class BothRanges : IAsyncLifetime
    {
        private readonly EdgeApplication _shortRange = Application("Short", "0.5");
        private readonly EdgeApplication _fullRange = Application("Full", "0.6");

        public HttpClient ShortRange { get; private set; } = null!;

        public HttpClient FullRange { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            ShortRange = _shortRange.CreateClient();
            FullRange = _fullRange.CreateClient();
            await _shortRange.ReadyAsync();
            await _fullRange.ReadyAsync();
        }

        public async Task DisposeAsync()
        {
            await _shortRange.DisposeAsync();
            await _fullRange.DisposeAsync();
        }

        private static EdgeApplication Application(string range, string threshold) =>
            new("127.0.0.1:1", new Dictionary<string, string?>
            {
                ["Edge:Inference:FaceRange"] = range,
                ["Edge:Inference:FaceThreshold"] = threshold,
                ["Edge:Frames:FrameFile"] = "",
            });
    }
}
