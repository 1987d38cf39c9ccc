using System.Numerics;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Poses;
using Microsoft.Extensions.Logging.Abstractions;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Inference.Poses;

public sealed class PoseEstimatorTests : IDisposable
{
    private readonly ModelFiles _files = new(
        Path.Combine(AppContext.BaseDirectory, "models"), NullLogger<ModelFiles>.Instance);
    private readonly PoseTracks _tracks = new(TimeSpan.FromSeconds(2), maxTracks: 8);
    private readonly PoseEstimator _estimator;

    public PoseEstimatorTests()
    {
        var detector = _files.Load(
            DetectorModel.Pose.FileName, 1,
            session => new Detector(session, DetectorModel.Pose, DetectorModel.PoseThreshold),
            stage => stage.WarmUp())[0];
        var landmarker = _files.Load(
            PoseModel.FileName(PoseMode.Lite), 1, session => new Landmarker(session), stage => stage.WarmUp())[0];
        _estimator = new PoseEstimator(detector, landmarker, _tracks);
    }

    [Fact]
    public void The_astronaut_s_nose_is_where_MediaPipe_finds_it()
    {
        // @mediapipe/pose 0.5.1675469404, complexity 0, on the same pixels.
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        var nose = _estimator.Find(Picture.Of(photo), "a", TimeSpan.FromSeconds(1))!.Landmarks[Pose.Nose];
        Assert.True(
            Vector2.Distance(new Vector2(0.446107f, 0.255057f) * 512, new Vector2(
                nose.PicturePosition.X, nose.PicturePosition.Y)) < 0.05f, $"{nose}");
    }

    [Fact]
    public void While_the_person_is_followed_the_detector_does_not_look()
    {
        Assert.Equal([false, true, true], [Look("a", 1), Look("a", 2), Look("a", 3.9)]);
    }

    [Fact]
    public void After_a_gap_the_detector_looks_again_and_nothing_is_smoothed_over_it()
    {
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        var first = _estimator.Find(Picture.Of(photo), "a", TimeSpan.FromSeconds(1))!.Landmarks.ToArray();
        var tracked = _estimator.Find(Picture.Of(photo), "a", TimeSpan.FromSeconds(2))!.Landmarks.ToArray();
        var anew = _estimator.Find(Picture.Of(photo), "a", TimeSpan.FromSeconds(4.1))!;

        Assert.NotEqual(first, tracked);
        Assert.False(anew.IsTracked);
        Assert.Equal(first, anew.Landmarks.ToArray());
    }

    [Fact]
    public void Devices_are_followed_each_by_itself() =>
        Assert.Equal([false, false, true], [Look("a", 1), Look("b", 1), Look("a", 2)]);

    [Fact]
    public void A_person_who_leaves_is_not_followed_further()
    {
        Look("a", 1);
        Assert.Null(Look("a", 1.1, Photo.Blank(512, 512)));
        Assert.Equal(0, _tracks.Count);
        Assert.False(Look("a", 1.2));
    }

    [Fact]
    public void A_person_who_is_suddenly_elsewhere_is_found_in_the_same_frame_and_nothing_is_smoothed_over_the_jump()
    {
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        using var small = new Mat();
        Cv2.Resize(photo, small, new Size(320, 320));
        using var elsewhere = Cv2.ImDecode(Placed(small, 950, 400), ImreadModes.Color);
        var expected = _estimator.Find(Picture.Of(elsewhere), "b", TimeSpan.FromSeconds(1))!.Landmarks.ToArray();

        Look("a", 1, Placed(small, 0, 0));
        var found = _estimator.Find(Picture.Of(elsewhere), "a", TimeSpan.FromSeconds(2))!;

        Assert.False(found.IsTracked);
        Assert.Equal(expected, found.Landmarks.ToArray());
    }

    [Fact]
    public void A_frame_of_another_size_starts_anew()
    {
        Look("a", 1);
        Assert.False(Look("a", 2, Photo.AstronautAt(256, 256)));
    }

    [Fact]
    public void A_followed_frame_allocates_nothing()
    {
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        var seconds = 0;
        for (var i = 0; i < 3; i++)
            Find();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            Find();

        // The runtime itself may allocate a few bytes, once; an object a frame would be more than a thousand.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        void Find() => _estimator.Find(Picture.Of(photo), "a", TimeSpan.FromSeconds(++seconds));
    }

    public void Dispose()
    {
        _estimator.Dispose();
        _files.Dispose();
    }

    /// <returns>Whether the pose was followed; null when there is none.</returns>
    private bool? Look(string deviceId, double seconds, byte[]? jpeg = null)
    {
        using var picture = Cv2.ImDecode(jpeg ?? Photo.Astronaut, ImreadModes.Color);
        return _estimator.Find(Picture.Of(picture), deviceId, TimeSpan.FromSeconds(seconds))?.IsTracked;
    }

    private static byte[] Placed(Mat person, int left, int top)
    {
        using var picture = new Mat(720, 1280, MatType.CV_8UC3, Scalar.All(0));
        var (width, height) = (person.Width, person.Height);
        for (var y = 0; y < height; y++)
            person.AsSpan<byte>()
                .Slice(y * width * 3, width * 3).CopyTo(picture.AsSpan<byte>()[((((top + y) * 1280) + left) * 3)..]);
        return Photo.Jpeg(picture);
    }
}
