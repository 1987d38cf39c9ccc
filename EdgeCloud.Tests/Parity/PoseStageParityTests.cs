using System.Numerics;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.Extensions.Logging.Abstractions;
using OpenCvSharp;
using Xunit.Abstractions;

namespace EdgeCloud.Tests.Parity;

/// <summary>
/// The stages of the pose, each given what MediaPipe's own stage before it gave: so a difference is this stage's own,
/// and the bounds are far below those of <see cref="PoseParityTests"/>, for every picture.
/// </summary>
public sealed class PoseStageParityTests(PoseStageParityTests.Stages stages, ITestOutputHelper output)
    : IClassFixture<PoseStageParityTests.Stages>
{
    private const double MaxMeanPixels = 0.02;
    private const double MaxVisibilityDifference = 2e-4;
    private const double MaxRegionPixels = 0.02;
    private const double MaxRotation = 2e-5;
    private const int ValuesPerLandmark = 4;

    public static TheoryData<string> Pictures => new(ParityPicture.All.Keys);

    [Theory]
    [MemberData(nameof(Pictures))]
    public void In_MediaPipe_s_regions_the_lite_model_finds_MediaPipe_s_landmarks_and_next_region(string picture) =>
        AssertSame(stages.Lite, ParityPicture.All[picture], reference => reference.PoseLite);

    [Theory]
    [MemberData(nameof(Pictures))]
    public void In_MediaPipe_s_regions_the_full_model_finds_MediaPipe_s_landmarks_and_next_region(string picture) =>
        AssertSame(stages.Full, ParityPicture.All[picture], reference => reference.PoseFull);

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_detector_finds_MediaPipe_s_first_region(string picture)
    {
        var expected = FirstRegion(Reference.Of(ParityPicture.All[picture]));
        using var pixels = Cv2.ImDecode(ParityPicture.All[picture].Jpeg, ImreadModes.Color);
        var size = Picture.Of(pixels).Size;
        var detections = stages.Detector.Detect(Picture.Of(pixels));
        Assert.Equal(expected.Length > 0, detections.Count > 0);
        if (detections.Count > 0)
            AssertSame(
                "first", expected,
                RegionOfInterest.AroundPerson(detections[0].Keypoints[0] * size, detections[0].Keypoints[1] * size));
    }

    private void AssertSame(Landmarker landmarker, ParityPicture picture, Func<Reference, ReferencePose> choose)
    {
        var reference = Reference.Of(picture);
        var (expected, firstRegion) = (choose(reference), FirstRegion(reference));
        if (firstRegion.Length == 0)
            return;

        using var pixels = Cv2.ImDecode(picture.Jpeg, ImreadModes.Color);
        var (pose, track) = (new Pose(), new PoseTrack());
        Assert.Equal(expected.First.Length > 0, Follow(firstRegion, seconds: 1));
        if (expected.First.Length == 0)
            return;

        AssertSame("first", expected.First, pose, picture.Pixels);
        AssertSame("second", expected.SecondRegion, track.NextRegion);
        Assert.True(Follow(expected.SecondRegion, seconds: 2));
        AssertSame("second", expected.Second, pose, picture.Pixels);

        bool Follow(double[] region, int seconds)
        {
            if (!landmarker.TryFind(
                Picture.Of(pixels), new RegionOfInterest(Center(region), (float)region[2], (float)region[3]), pose))
                return false;
            track.Follow(pose, Picture.Of(pixels).Size, TimeSpan.FromSeconds(seconds));
            return true;
        }
    }

    /// <summary>All models have the same detector, so the same region: empty where it finds nobody.</summary>
    private static double[] FirstRegion(Reference reference) => reference.PoseLite.FirstRegion;

    private void AssertSame(string frame, double[] expected, Pose pose, Canvas picture)
    {
        double sum = 0, visibility = 0;
        for (var i = 0; i < Pose.LandmarkCount; i++)
        {
            var position = pose.Landmarks[i].PicturePosition;
            var wanted = expected.AsSpan(i * ValuesPerLandmark, ValuesPerLandmark);
            sum += double.Hypot(position.X - (wanted[0] * picture.Width), position.Y - (wanted[1] * picture.Height));
            visibility = Math.Max(visibility, Math.Abs(pose.Landmarks[i].Visibility - wanted[3]));
        }

        output.WriteLine($"{frame} frame: mean {sum / Pose.LandmarkCount:F4} px, visibility {visibility:E1}");
        Assert.InRange(sum / Pose.LandmarkCount, 0, MaxMeanPixels);
        Assert.InRange(visibility, 0, MaxVisibilityDifference);
    }

    private void AssertSame(string frame, double[] expected, RegionOfInterest actual)
    {
        var center = Vector2.Distance(actual.ToPicture(new Vector2(0.5f)), Center(expected));
        var (side, rotation) = (Math.Abs(actual.Side - expected[2]), Math.Abs(actual.Rotation - expected[3]));
        output.WriteLine(
            $"region of the {frame} frame: centre {center:E1} px, side {side:E1} px, rotation {rotation:E1}");
        Assert.InRange(center, 0, MaxRegionPixels);
        Assert.InRange(side, 0, MaxRegionPixels);
        Assert.InRange(rotation, 0, MaxRotation);
    }

    private static Vector2 Center(double[] region) => new((float)region[0], (float)region[1]);

    /// <summary>Each of the stages, once.</summary>
    public sealed class Stages : IDisposable
    {
        private readonly ModelFiles _files = new(
            Path.Combine(AppContext.BaseDirectory, "models"), NullLogger<ModelFiles>.Instance);

        public Stages()
        {
            Detector = Load(DetectorModel.Pose.FileName, session =>
                new Detector(session, DetectorModel.Pose, DetectorModel.PoseThreshold));
            Lite = Load(PoseModel.FileName(PoseMode.Lite), session => new Landmarker(session));
            Full = Load(PoseModel.FileName(PoseMode.Full), session => new Landmarker(session));
        }

        internal Detector Detector { get; }

        internal Landmarker Lite { get; }

        internal Landmarker Full { get; }

        public void Dispose()
        {
            Detector.Dispose();
            Lite.Dispose();
            Full.Dispose();
            _files.Dispose();
        }

        private TStage Load<TStage>(string file, Func<Microsoft.ML.OnnxRuntime.InferenceSession, TStage> create) =>
            _files.Load(file, 1, create, static _ => { })[0];
    }
}
