using EdgeCloud.Edge.Inference;
using Microsoft.Extensions.Logging.Abstractions;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Inference;

public sealed class FacesInTilesTests : IDisposable
{
    private readonly ModelFiles _files = new(
        Path.Combine(AppContext.BaseDirectory, "models"), NullLogger<ModelFiles>.Instance);
    private readonly FaceDetector _faces;

    public FacesInTilesTests() =>
        _faces = new FaceDetector(Load(DetectorModel.FaceShortRange), Load(DetectorModel.FaceFullRange));

    [Fact]
    public void Each_of_twelve_small_faces_is_found_once_and_where_it_is()
    {
        using var group = new GroupPicture(new Size(1600, 1200), columns: 4, rows: 3, (40, 120));
        group.AssertEveryFaceOnce(InTiles(group.Pixels, FaceRange.Both));
    }

    [NightlyTheory]
    [InlineData(nameof(FaceRange.Both))]
    [InlineData(nameof(FaceRange.Full))]
    [InlineData(nameof(FaceRange.Short))]
    public void Each_of_forty_small_faces_is_found_once_and_where_it_is(string models)
    {
        var range = Enum.Parse<FaceRange>(models);
        using var group = new GroupPicture(new Size(4000, 3000), columns: 8, rows: 5, (40, 120));
        group.AssertEveryFaceOnce(InTiles(group.Pixels, range));
        Assert.InRange(AsWhole(group.Pixels, range).Length, 0, 5);
    }

    [NightlyFact]
    public void The_largest_picture_that_is_taken_is_looked_at_closely()
    {
        using var group = new GroupPicture(new Size(4096, 4096), columns: 3, rows: 3, (50, 400));
        group.AssertEveryFaceOnce(InTiles(group.Pixels, FaceRange.Both));
    }

    [Theory]
    [InlineData(2400, 300)]
    [InlineData(300, 2400)]
    public void A_long_and_narrow_picture_is_looked_at_closely(int width, int height)
    {
        using var group = new GroupPicture(
            new Size(width, height), width > height ? 8 : 1, width > height ? 1 : 8, (40, 80));
        group.AssertEveryFaceOnce(InTiles(group.Pixels, FaceRange.Both));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3000)]
    [InlineData(3000, 1)]
    [InlineData(191, 143)]
    [InlineData(300, 200)]
    public void Where_nothing_is_nothing_is_found(int width, int height)
    {
        using var grey = new Mat(new Size(width, height), MatType.CV_8UC3, Scalar.All(128));
        Assert.Empty(InTiles(grey, FaceRange.Both));
    }

    [Fact]
    public void A_picture_as_small_as_what_the_models_see_has_no_tiles()
    {
        using var photo = Cv2.ImDecode(Photo.Astronaut, ImreadModes.Color);
        using var small = new Mat();
        Cv2.Resize(photo, small, new Size(192, 192), 0, 0, InterpolationFlags.Area);
        var (whole, tiles) = (AsWhole(small, FaceRange.Both), InTiles(small, FaceRange.Both));
        Assert.Equal(Assert.Single(whole).Score, Assert.Single(tiles).Score);
    }

    [Fact]
    public void A_look_that_nobody_waits_for_ends_before_the_next_tile()
    {
        using var grey = new Mat(new Size(4000, 3000), MatType.CV_8UC3, Scalar.All(128));
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.Throws<OperationCanceledException>(() => InTiles(grey, FaceRange.Both, ended.Token));
    }

    public void Dispose()
    {
        _faces.Dispose();
        _files.Dispose();
    }

    private Detection[] InTiles(Mat pixels, FaceRange range, CancellationToken cancellationToken = default)
    {
        var picture = Picture.Of(pixels);
        return [.. _faces.DetectInTiles(picture, _faces.Sample(picture, range), range, cancellationToken)];
    }

    private Detection[] AsWhole(Mat pixels, FaceRange range)
    {
        var picture = Picture.Of(pixels);
        return [.. _faces.Detect(picture, _faces.Sample(picture, range), range)];
    }

    private Detector Load(DetectorModel model) => _files.Load(
        model.FileName, 1, session => new Detector(session, model, 0.5f), detector => detector.WarmUp())[0];
}
