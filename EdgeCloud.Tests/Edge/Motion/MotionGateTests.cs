using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Motion;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Edge.Motion;

public sealed class MotionGateTests
{
    private const int Threshold = 6;

    private static readonly TimeSpan MaxConfirm = TimeSpan.FromSeconds(5);
    private static readonly ModelChoice Models = new(FaceRange.Both, PoseMode.Lite);

    private readonly MotionGate _gate = new(
        Options.Create(new MotionGateOptions { Threshold = Threshold, MaxConfirm = MaxConfirm }));

    [Fact]
    public void What_has_not_changed_is_confirmed_by_what_was_found_then()
    {
        Assert.Null(Confirm("a", 1, grey: 100));
        var found = Keep("a", 1, grey: 100);
        Assert.Same(found, Confirm("a", 2, grey: 100));
        Assert.Same(found, Confirm("a", 3, grey: 100 + Threshold));
        Assert.Same(found, Confirm("a", 3.5, grey: 100 - Threshold));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(500, -1)]
    [InlineData(LumaGrid.Cells - 1, 1)]
    public void One_block_that_changes_by_more_than_the_threshold_is_enough(int block, int sign)
    {
        Keep("a", 1, grey: 100);
        var grid = Grid(100);
        grid[block] = (byte)(100 + (sign * (Threshold + 1)));
        Assert.Null(_gate.Confirm(View("a", 2), grid));
    }

    [Fact]
    public void What_changes_slowly_adds_up_since_the_models_looked()
    {
        Keep("a", 1, grey: 100);
        var confirmed = Enumerable.Range(1, 20)
            .TakeWhile(step => Confirm("a", 1 + (step * 0.1), grey: (byte)(100 + step)) is not null).Count();
        Assert.Equal(Threshold, confirmed);
    }

    [Fact]
    public void After_a_while_the_models_look_whatever_there_is_to_see()
    {
        Keep("a", 10, grey: 100);
        Assert.NotNull(Confirm("a", 14.999, grey: 100));
        Assert.Null(Confirm("a", 15, grey: 100));
    }

    [Fact]
    public void Another_size_face_model_or_pose_model_is_another_view()
    {
        Keep("a", 1, grey: 100);
        Assert.Null(_gate.Confirm(View("a", 2) with { Width = 480, Height = 640 }, Grid(100)));
        Assert.Null(_gate.Confirm(View("a", 2) with { Models = Models with { Pose = PoseMode.Off } }, Grid(100)));
        Assert.Null(_gate.Confirm(View("a", 2) with { Models = Models with { Faces = FaceRange.Short } }, Grid(100)));
        Assert.NotNull(_gate.Confirm(View("a", 2), Grid(100)));
    }

    [Fact]
    public void Devices_are_compared_each_with_itself()
    {
        var (one, other) = (Keep("a", 1, grey: 100), Keep("b", 1, grey: 200));
        Assert.Same(one, Confirm("a", 2, grey: 100));
        Assert.Same(other, Confirm("b", 2, grey: 200));
        Assert.Null(Confirm("a", 2, grey: 200));
    }

    [Fact]
    public void Of_two_frames_at_once_the_later_one_is_compared_with_whichever_ends_first()
    {
        var later = Keep("a", 2, grey: 200);
        Keep("a", 1, grey: 100);
        Assert.Same(later, Confirm("a", 3, grey: 200));
        Assert.Null(Confirm("a", 1.5, grey: 200));
    }

    [Fact]
    public void Of_devices_that_others_have_crowded_out_and_of_those_long_silent_nothing_is_kept()
    {
        for (var i = 0; i < 2 * MotionGate.Capacity; i++)
            Keep($"device-{i}", 1 + (i * 0.001), grey: 100);
        Assert.Equal(MotionGate.Capacity, _gate.Count);
        Assert.Null(Confirm("device-0", 2, grey: 100));
        Assert.NotNull(Confirm($"device-{(2 * MotionGate.Capacity) - 1}", 2, grey: 100));

        Keep("a", 2 + MaxConfirm.TotalSeconds, grey: 100);
        Assert.Equal(1, _gate.Count);
    }

    [Fact]
    public void Turned_off_it_confirms_and_keeps_nothing()
    {
        var gate = new MotionGate(Options.Create(new MotionGateOptions { Enabled = false }));
        gate.Keep(View("a", 1), Grid(100), Found());
        gate.Answered("a", TimeSpan.FromSeconds(1), new Look(1, Guid.NewGuid(), 1000, 0.001));
        Assert.Null(gate.Confirm(View("a", 2), Grid(100)));
        Assert.Null(gate.Confirm(View("a", 2), new FrameReference(1, null), out _));
        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public void A_frame_without_its_picture_is_confirmed_by_the_number_of_the_one_looked_at()
    {
        var found = Keep("a", 1, grey: 100);
        Assert.Null(Repeat("a", 2, 41));
        var look = Answered("a", 1, 41);

        Assert.Equal(new Repeated((640, 480), found, look), Repeat("a", 2, 41));
        Assert.Equal(look, Repeat("a", 3, 41, look.EventId)?.Look);
        Assert.Null(Repeat("a", 3, 40));
        Assert.Null(Repeat("a", 3, 42));
        Assert.Null(Repeat("a", 3, 41, Guid.NewGuid()));
        Assert.Null(Repeat("b", 3, 41));
    }

    [Fact]
    public void Only_the_last_look_counts_and_for_no_longer_than_a_picture_s_would()
    {
        Keep("a", 10, grey: 100);
        var first = Answered("a", 10, 1);
        Assert.NotNull(Repeat("a", 14.999, 1));
        Assert.Null(Repeat("a", 15, 1));

        Keep("a", 12, grey: 200);
        Assert.Null(Repeat("a", 13, 1, first.EventId));
        Answered("a", 12, 2);
        Assert.NotNull(Repeat("a", 13, 2));
        Assert.Null(Repeat("a", 13, 1, first.EventId));
        Assert.Null(Repeat("a", 12, 2));
    }

    [Fact]
    public void The_number_of_an_overtaken_frame_names_no_other_one()
    {
        Keep("a", 2, grey: 200);
        Keep("a", 1, grey: 100);
        Answered("a", 1, 7);
        Assert.Null(Repeat("a", 3, 7));
    }

    [Theory]
    [InlineData("Both", "Off")]
    [InlineData("Short", "Lite")]
    public void Without_its_picture_too_other_models_are_another_view(string faces, string pose)
    {
        Keep("a", 1, grey: 100);
        Answered("a", 1, 1);
        var view = View("a", 2);
        var others = new ModelChoice(Enum.Parse<FaceRange>(faces), Enum.Parse<PoseMode>(pose));
        Assert.NotEqual(view.Models, others);
        Assert.Null(_gate.Confirm(view with { Models = others }, new FrameReference(1, null), out var problem));
        Assert.Contains("models that look now", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_device_that_was_crowded_out_the_picture_is_needed()
    {
        Keep("a", 1, grey: 100);
        Answered("a", 1, 1);
        for (var i = 0; i < MotionGate.Capacity; i++)
            Keep($"device-{i}", 1 + (i * 0.001), grey: 100);
        Assert.Null(Repeat("a", 2, 1));
    }

    [Fact]
    public void A_steady_stream_allocates_nothing()
    {
        var (planes, grid, found) = (new float[3 * 128 * 128], new byte[LumaGrid.Cells], Found());
        var looked = 0;
        for (var i = 0; i < 100; i++)
            Look(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 100; i < 200; i++)
            Look(i);

        // The runtime itself may allocate a few bytes, once; an object a frame would be more than two thousand.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        void Look(int frame)
        {
            LumaGrid.Fill(planes, 128, grid);
            if (_gate.Confirm(View("a", frame), grid) is null)
            {
                _gate.Keep(View("a", frame), grid, found);
                _gate.Answered("a", TimeSpan.FromSeconds(frame), new Look(frame, default, 1000, 0.001));
                looked = frame;
            }

            Assert.True(_gate.Confirm(View("a", frame + 0.5), new FrameReference(looked, null), out _).HasValue);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(192)]
    public void A_block_of_the_grid_is_the_mean_grey_of_its_pixels(int size)
    {
        var random = new Random(1);
        var planes = Enumerable.Range(0, 3 * size * size).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
        var grid = new byte[LumaGrid.Cells];
        LumaGrid.Fill(planes, size, grid);

        var block = size / LumaGrid.Side;
        for (var cell = 0; cell < LumaGrid.Cells; cell++)
        {
            var pixels = from y in Enumerable.Range(cell / LumaGrid.Side * block, block)
                         from x in Enumerable.Range(cell % LumaGrid.Side * block, block)
                         select (y * size) + x;
            var expected = pixels.Average(at => 127.5 * (1 + (0.299 * planes[at])
                + (0.587 * planes[(size * size) + at]) + (0.114 * planes[(2 * size * size) + at])));
            Assert.InRange(grid[cell], expected - 1.01, expected + 0.01);
        }
    }

    private Findings? Confirm(string deviceId, double seconds, byte grey) =>
        _gate.Confirm(View(deviceId, seconds), Grid(grey));

    private Findings Keep(string deviceId, double seconds, byte grey)
    {
        var found = Found();
        _gate.Keep(View(deviceId, seconds), Grid(grey), found);
        return found;
    }

    private Look Answered(string deviceId, double seconds, long sequence)
    {
        var look = new Look(sequence, Guid.NewGuid(), 80_000, 0.001);
        _gate.Answered(deviceId, TimeSpan.FromSeconds(seconds), look);
        return look;
    }

    private Repeated? Repeat(string deviceId, double seconds, long sequence, Guid? eventId = null) =>
        _gate.Confirm(View(deviceId, seconds), new FrameReference(sequence, eventId), out _);

    private static byte[] Grid(byte grey) => [.. Enumerable.Repeat(grey, LumaGrid.Cells)];

    private static View View(string deviceId, double seconds) =>
        new(deviceId, 640, 480, Models, TimeSpan.FromSeconds(seconds));

    private static Findings Found() => new([], null, 0);
}
