using System.Numerics;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Xunit.Abstractions;

namespace EdgeCloud.Tests.Parity.Python;

/// <summary>With <see cref="Sampling.Corners"/> the edge finds what MediaPipe for Python finds.</summary>
public sealed class PythonParityTests(PythonParityTests.Stages stages, ITestOutputHelper output)
    : IClassFixture<PythonParityTests.Stages>
{
    private const double MinOverlap = 0.999;
    private const double MaxScoreDifference = 1e-3;
    private const double MaxKeypointPixels = 0.1;
    private const double MaxMedianPixels = 0.1;
    private const double MaxMedianPixelsOfOnePicture = 1;
    private const double MaxVisibilityDifference = 0.01;

    /// <summary>From one call of MediaPipe's solutions to the next, whatever the clock says.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMicroseconds(33_333);

    public static TheoryData<string> Pictures => new(PythonReference.All.Keys);

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_short_range_model_finds_what_MediaPipe_for_Python_finds(string picture) =>
        AssertSame(stages.ShortRange, picture, reference => reference.ShortRange);

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_full_range_model_finds_what_MediaPipe_for_Python_finds(string picture) =>
        AssertSame(stages.FullRange, picture, reference => reference.FullRange);

    [Fact]
    public void The_lite_model_finds_what_MediaPipe_for_Python_finds_and_follows_it() =>
        AssertSame(stages.Lite, reference => reference.PoseLite);

    [Fact]
    public void The_full_model_finds_what_MediaPipe_for_Python_finds_and_follows_it() =>
        AssertSame(stages.Full, reference => reference.PoseFull);

    [Fact]
    public async Task The_setting_reaches_every_stage()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:Inference:Sampling"] = "Corners",
            ["Edge:Inference:FaceRange"] = "Full",
            ["Edge:Inference:Pose"] = "Full",
            ["Edge:Frames:FrameFile"] = "",
        });
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var found = await (await client.PostJpegAsync(PythonReference.Jpeg("mirrored"))).EventAsync();

        var reference = PythonReference.All["mirrored"];
        var face = Assert.Single(found.GetProperty("faces").EnumerateArray());
        Assert.Equal(reference.FullRange[0].Score, face.GetProperty("conf").GetDouble(), 2e-5);
        Assert.Equal(reference.FullRange[0].Box[2], face.GetProperty("width").GetDouble(), 2e-5);
        var nose = found.GetProperty("poses")[0].GetProperty("landmarks")[Pose.Nose];
        Assert.Equal(reference.PoseFull.First![Pose.Nose][0], nose[0].GetDouble(), 1e-4);
        Assert.Equal(reference.PoseFull.First![Pose.Nose][1], nose[1].GetDouble(), 1e-4);
    }

    private void AssertSame(Detector detector, string picture, Func<PythonReference, IReadOnlyList<PythonFace>> choose)
    {
        var reference = PythonReference.All[picture];
        using var pixels = reference.Pixels(picture);
        var expected = choose(reference);
        var actual = detector.Detect(Picture.Of(pixels)).ToList();
        Assert.Equal(expected.Count, actual.Count);

        double overlap = 1, score = 0, keypointPixels = 0;
        foreach (var face in expected)
        {
            var box = new Detection { Min = Vector(face.Box), Max = Vector(face.Box) + Vector(face.Box[2..]) };
            var index = Enumerable.Range(0, actual.Count).MaxBy(i => actual[i].IntersectionOverUnion(box));
            var nearest = actual[index];
            actual.RemoveAt(index);
            overlap = Math.Min(overlap, nearest.IntersectionOverUnion(box));
            score = Math.Max(score, Math.Abs(nearest.Score - face.Score));
            for (var i = 0; i < face.Keypoints.Length; i++)
            {
                keypointPixels = Math.Max(keypointPixels, Vector2.Distance(
                    nearest.Keypoints[i] * reference.Size, Vector(face.Keypoints[i]) * reference.Size));
            }
        }

        output.WriteLine($"{expected.Count} faces; largest differences: 1 - IoU {1 - overlap:E1}, "
            + $"score {score:E1}, key points {keypointPixels:F4} px");
        Assert.InRange(overlap, MinOverlap, 1);
        Assert.InRange(score, 0, MaxScoreDifference);
        Assert.InRange(keypointPixels, 0, MaxKeypointPixels);
    }

    private void AssertSame(PoseEstimator estimator, Func<PythonReference, PythonPoses> choose)
    {
        var (first, second) = (new List<double>(), new List<double>());
        foreach (var (picture, reference) in PythonReference.All)
        {
            using var pixels = reference.Pixels(picture);
            var (start, poses) = (TimeSpan.FromSeconds(1), choose(reference));
            first.AddRange(Look($"{picture}, first", start, poses.First));
            second.AddRange(Look($"{picture}, second", start + Interval, poses.Second));

            IReadOnlyList<double> Look(string frame, TimeSpan time, double[][]? expected)
            {
                var pose = estimator.Find(Picture.Of(pixels), picture, time);
                Assert.True((expected is null) == (pose is null), $"{frame}: {(pose is null ? "no" : "a")} pose.");
                return expected is null ? [] : Compare(frame, expected, pose!, reference.Size);
            }
        }

        output.WriteLine($"all: first frames {Median(first):F4} px, second frames {Median(second):F4} px");
        Assert.InRange(Median(first), 0, MaxMedianPixels);
        Assert.InRange(Median(second), 0, MaxMedianPixels);
    }

    /// <returns>How far off the landmarks are that are visible and inside the picture, pixels.</returns>
    private List<double> Compare(string frame, double[][] expected, Pose pose, Vector2 size)
    {
        var distances = new List<double>();
        for (var i = 0; i < Pose.LandmarkCount; i++)
        {
            var (landmark, wanted) = (pose.Landmarks[i], Vector(expected[i]));
            Assert.InRange(Math.Abs(landmark.Visibility - expected[i][3]), 0, MaxVisibilityDifference);
            if (expected[i][3] > 0.5 && wanted == Vector2.Clamp(wanted, Vector2.Zero, Vector2.One))
                distances.Add(Vector2.Distance(
                    new Vector2(landmark.PicturePosition.X, landmark.PicturePosition.Y), wanted * size));
        }

        output.WriteLine($"{frame}: {distances.Count} landmarks; median {Median(distances):F4} px, "
            + $"mean {distances.Average():F3} px, largest {distances.Max():F3} px");
        Assert.True(Median(distances) < MaxMedianPixelsOfOnePicture, $"{frame}: {Median(distances)} px");
        return distances;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static Vector2 Vector(double[] values) => new((float)values[0], (float)values[1]);

    /// <summary>Each of the stages, once.</summary>
    public sealed class Stages : IDisposable
    {
        private readonly ModelFiles _files = new(
            Path.Combine(AppContext.BaseDirectory, "models"), NullLogger<ModelFiles>.Instance);

        public Stages()
        {
            (ShortRange, FullRange) =
                (Load(DetectorModel.FaceShortRange, 0.5f), Load(DetectorModel.FaceFullRange, 0.5f));
            (Lite, Full) = (Load(PoseMode.Lite), Load(PoseMode.Full));
        }

        internal Detector ShortRange { get; }

        internal Detector FullRange { get; }

        internal PoseEstimator Lite { get; }

        internal PoseEstimator Full { get; }

        public void Dispose()
        {
            ShortRange.Dispose();
            FullRange.Dispose();
            Lite.Dispose();
            Full.Dispose();
            _files.Dispose();
        }

        private Detector Load(DetectorModel model, float threshold) =>
            Load(model.FileName, session => new Detector(session, model, threshold, Sampling.Corners));

        private PoseEstimator Load(PoseMode mode) => new(
            Load(DetectorModel.Pose, DetectorModel.PoseThreshold),
            Load(PoseModel.FileName(mode), session => new Landmarker(session, Sampling.Corners)),
            new PoseTracks(TimeSpan.FromSeconds(2), maxTracks: 64));

        private TStage Load<TStage>(string file, Func<InferenceSession, TStage> create) =>
            _files.Load(file, 1, create, static _ => { })[0];
    }
}
