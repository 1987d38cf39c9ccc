using EdgeCloud.Edge.Inference;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace EdgeCloud.Tests.Edge.Inference;

/// <summary>
/// What each face model and both find in pictures in which it is known where the face is: the figures of
/// docs/benchmarks.md, which a change to the rule that merges them must not make worse.
/// </summary>
public sealed class FaceRangeTests : IDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly FacePictures _pictures = new(Photo.Astronaut);
    private readonly ModelFiles _files = new(
        Path.Combine(AppContext.BaseDirectory, "models"), NullLogger<ModelFiles>.Instance);
    private readonly FaceDetector _faces;
    private readonly Detector _near;
    private readonly Detector _far;

    public FaceRangeTests(ITestOutputHelper output)
    {
        _output = output;
        (_near, _far) = (Load(DetectorModel.FaceShortRange), Load(DetectorModel.FaceFullRange));
        _faces = new FaceDetector(_near, _far);
    }

    [NightlyFact]
    public void Where_nobody_is_both_together_see_fewer_faces_than_the_short_range_model_alone()
    {
        var (near, far, both) = Counted(_pictures.Nobody());
        Assert.InRange(both.False, far.False, 51);
        Assert.InRange(near.False, 69, int.MaxValue);
    }

    [NightlyFact]
    public void A_person_far_away_is_found_by_both_together_where_the_short_range_model_misses_many()
    {
        var (near, far, both) = Counted(_pictures.People());
        Assert.InRange(both.Found, Math.Max(130, far.Found), both.Pictures);
        Assert.InRange(near.Found, 0, 84);
        Assert.InRange(both.False, 0, 9);
    }

    [NightlyFact]
    public void A_face_that_fills_the_picture_is_found_by_both_together_where_the_full_range_model_misses_many()
    {
        var (near, far, both) = Counted(_pictures.Filled());
        Assert.Equal((both.Pictures, 0), (both.Found, both.False));
        Assert.Equal(both.Pictures, near.Found);
        Assert.InRange(far.Found, 0, 61);
    }

    /// <summary>In a webcam's picture, a metre and more away.</summary>
    [Fact]
    public void A_face_9_percent_of_the_picture_wide_is_found_once_and_by_the_full_range_model()
    {
        foreach (var picture in _pictures.People())
        {
            using (picture)
            {
                var pixels = Picture.Of(picture.Pixels);
                if (pixels.Width < pixels.Height || picture.Face!.Value.Size.X is < 0.08f or > 0.1f)
                    continue;
                var input = _faces.Sample(pixels, FaceRange.Both);
                Assert.Equal(FaceRange.Full, Assert.Single(_faces.Detect(pixels, input, FaceRange.Both)).Range);
            }
        }
    }

    public void Dispose()
    {
        _faces.Dispose();
        _files.Dispose();
    }

    private (FaceCount Near, FaceCount Far, FaceCount Both) Counted(IEnumerable<FacePicture> pictures)
    {
        var counts = FaceRules.Count(_near, _far, pictures);
        for (var i = 0; i < counts.Length; i++)
            _output.WriteLine($"{FaceRules.All[i].Name}: {counts[i]}");
        return (counts[0], counts[1], counts[^1]);
    }

    private Detector Load(DetectorModel model) => _files.Load(
        model.FileName, 1, session => new Detector(session, model, 0.5f), detector => detector.WarmUp())[0];
}
