using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Motion;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenCvSharp;

namespace EdgeCloud.Tests.Edge.Motion;

/// <summary>The gate with its default threshold, before the face model, on what a camera sees.</summary>
public sealed class EntranceTests : IDisposable
{
    private readonly ModelFiles _files = new(
        Path.Combine(AppContext.BaseDirectory, "models"), NullLogger<ModelFiles>.Instance);
    private readonly MotionGate _gate = new(Options.Create(new MotionGateOptions()));
    private readonly Detector _faces;
    private TimeSpan _now;

    public EntranceTests()
    {
        var model = DetectorModel.FaceShortRange;
        _faces =
            _files.Load(model.FileName, 1, session => new Detector(session, model, 0.5f), stage => stage.WarmUp())[0];
    }

    [Theory]
    [InlineData(CameraView.Noise)]
    [InlineData(1.5 * CameraView.Noise)]
    public void The_noise_of_a_webcam_alone_never_wakes_the_models(double noise)
    {
        var view = new CameraView(Photo.Astronaut, 1);
        Assert.True(Look(view.Shot(noise: noise)).Ran);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.False(Look(view.Shot(noise: noise)).Ran));
    }

    [Fact]
    public void A_face_of_24_pixels_is_seen_to_enter_wherever_it_appears()
    {
        var view = new CameraView(Photo.Astronaut, 2);
        var random = new Random(3);
        Look(view.Shot());
        for (var i = 0; i < 20; i++)
            Assert.False(IsUnchanged(view.Shot((random.Next(20, 620), random.Next(20, 460), 24))), $"place {i}");
    }

    /// <summary>
    /// Nobody; somebody comes in from the left, step by step; comes closer, sits, leaves by the right; nobody.
    /// Another comes from afar.
    /// </summary>
    [Fact]
    public void Through_a_whole_visit_the_count_is_that_of_the_models_frame_by_frame()
    {
        var view = new CameraView(Photo.Astronaut, 4);
        (double X, double Y, double FaceWidth)?[] visit =
        [
            null, null, null, null,
            .. Enumerable.Range(0, 14).Select(step => ((double, double, double)?)(-90 + (30 * step), 230, 90)),
            .. Enumerable.Repeat(((double, double, double)?)(300, 230, 90), 4),
            .. Enumerable.Range(0, 9).Select(step => ((double, double, double)?)(330 + (50 * step), 230, 90)),
            null, null, null,
            .. Enumerable.Range(0, 8).Select(step => ((double, double, double)?)(320, 200, 20 * Math.Pow(1.25, step))),
            null, null,
        ];

        var frames = visit.Select(face => (Face: face, Seen: Look(view.Shot(face)))).ToArray();

        Assert.All(frames, frame => Assert.True(frame.Seen.Said == frame.Seen.Truth, $"{frame.Face}: {frame.Seen}"));
        Assert.Contains(frames, frame => frame.Seen.Truth == 1);
        Assert.All(frames.Zip(frames.Skip(1)).Where(pair => pair.First.Face == pair.Second.Face), pair =>
            Assert.False(pair.Second.Seen.Ran));
    }

    [Fact]
    public void Lights_that_are_switched_wake_the_models_and_dusk_does_in_time()
    {
        var view = new CameraView(Photo.Astronaut, 5);
        Look(view.Shot());
        Assert.True(Look(view.Shot(light: 15)).Ran);
        Assert.False(Look(view.Shot(light: 15)).Ran);

        // A grey level from frame to frame is within the noise.
        var dusk = Enumerable.Range(1, 12).Select(step => Look(view.Shot(light: 15 - step)).Ran).ToArray();
        Assert.False(dusk[0]);
        Assert.InRange(dusk.Count(ran => ran), 1, 3);
    }

    public void Dispose()
    {
        _faces.Dispose();
        _files.Dispose();
    }

    private bool IsUnchanged(byte[] jpeg)
    {
        using var matrix = Cv2.ImDecode(jpeg, ImreadModes.Color);
        Span<byte> grid = stackalloc byte[LumaGrid.Cells];
        LumaGrid.Fill(_faces.Sample(Picture.Of(matrix)).PlanarRgb, _faces.InputSize, grid);
        return _gate.Confirm(View(TimeSpan.FromMilliseconds(1)), grid) is not null;
    }

    private Seen Look(byte[] jpeg)
    {
        _now += TimeSpan.FromMilliseconds(67);
        using var matrix = Cv2.ImDecode(jpeg, ImreadModes.Color);
        Span<byte> grid = stackalloc byte[LumaGrid.Cells];
        var input = _faces.Sample(Picture.Of(matrix));
        LumaGrid.Fill(input.PlanarRgb, _faces.InputSize, grid);
        var known = _gate.Confirm(View(TimeSpan.Zero), grid);
        var truth = _faces.Detect(input).Count;
        if (known is null)
            _gate.Keep(View(TimeSpan.Zero), grid, new Findings([], null, truth));
        return new Seen(known is null, known?.Persons ?? truth, truth);
    }

    private View View(TimeSpan later) => new("a", CameraView.Width, CameraView.Height, default, _now + later);

    /// <param name="Ran">Whether the gate let the model look.</param>
    /// <param name="Said">How many faces the event would tell of.</param>
    /// <param name="Truth">How many the model finds.</param>
    private sealed record Seen(bool Ran, int Said, int Truth);
}
