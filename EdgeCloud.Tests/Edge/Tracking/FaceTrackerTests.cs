using System.Numerics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Tracking;

namespace EdgeCloud.Tests.Edge.Tracking;

public sealed class FaceTrackerTests
{
    private static readonly Vector2 Picture = new(1280, 720);

    private readonly FaceTracker _tracker = new();
    private readonly Random _random = new(7);

    [Fact]
    public void Ids_are_never_reused_and_a_frame_has_each_once_whatever_comes()
    {
        var (most, time) = (0L, 0.0);
        for (var frame = 0; frame < 2000; frame++)
        {
            // Mostly forward, at times by minutes, now and then not at all or back.
            time += _random.Next(20) switch { 0 => -Math.Pow(10, _random.Next(-2, 5)), 1 => 0, 2 => 100, _ => 0.3 };
            var ids = Follow(time, Crowd(_random.Next(0, 12))).OfType<long>().ToArray();

            Assert.Equal(ids.Length, ids.Distinct().Count());
            var born = ids.Where(id => id > most).Order().ToArray();
            Assert.Equal(Enumerable.Range(1, born.Length).Select(number => most + number), born);
            most += born.Length;
        }

        Assert.InRange(most, 1000, 20_000);
    }

    [Fact]
    public void The_order_of_faces_in_a_frame_does_not_matter()
    {
        var scene = new SceneMaker(3, 2).Room(8, 60);
        var expected = scene.Follow();
        for (var number = 0; number < scene.Frames.Count; number++)
        {
            var frame = scene.Frames[number];
            int[] order = [.. Enumerable.Range(0, frame.Faces.Count)];
            _random.Shuffle(order);

            var ids = _tracker.Follow("edge-1", frame.Time, scene.Size, [.. order.Select(face => frame.Faces[face])]);

            Assert.Equal(order.Select(face => expected[number][face]), ids);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(-3600)]
    public void Time_that_stands_still_or_goes_back_leaves_persons_their_tracks(double step)
    {
        Follow(5000, Face(0.3), Face(0.7));
        for (var frame = 1; frame <= 5; frame++)
            Assert.Equal([1, 2], Follow(5000 + (frame * step), Face(0.3), Face(0.7)));
        Assert.Equal([1, 2], Follow(5001 + (5 * step), Face(0.31), Face(0.69)));
    }

    [Fact]
    public void A_frame_that_was_overtaken_has_the_tracks_of_then_and_moves_none()
    {
        // To the right by a face's size a second.
        for (var frame = 0; frame <= 20; frame++)
            Follow(frame / 5.0, Face(0.2 + (frame * 0.02)));
        Assert.Equal([1], Follow(4.4, Face(0.64)));

        Assert.Equal([1], Follow(3.4, Face(0.54)));

        Assert.Equal([1], Follow(4.6, Face(0.66)));
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(50, 1)]
    [InlineData(61, 2)]
    public void Who_sat_and_was_hidden_for_less_than_a_minute_is_the_same(double seconds, long expected)
    {
        for (var frame = 0; frame < 10; frame++)
            Follow(frame, Face(0.5));
        for (var away = 1; away < seconds; away++)
            Follow(9 + away);

        Assert.Equal([expected], Follow(9 + seconds, Face(0.5)));
    }

    [Fact]
    public void An_unchanged_picture_keeps_its_tracks_for_as_long_as_it_stays()
    {
        Follow(0, Face(0.3), Face(0.7));
        for (var frame = 1; frame <= 100; frame++)
            _tracker.Confirm("edge-1", TimeSpan.FromSeconds(frame * 10), [Known(1), Known(null)]);

        Assert.Equal([1, 3], Follow(1001, Face(0.3), Face(0.7)));
    }

    [Fact]
    public void What_may_well_be_no_face_has_a_track_once_it_is_seen_again()
    {
        Follow(0, Face(0.2));
        Assert.Equal([1, null], Follow(1, Face(0.2), Face(0.7) with { Score = 0.5f }));
        Assert.Equal([1, 2], Follow(2, Face(0.2), Face(0.7) with { Score = 0.5f }));
        Assert.Equal([null], Follow(60, Face(0.4) with { Score = 0.5f }));
    }

    [Fact]
    public void A_face_that_the_other_model_sees_half_as_large_again_is_the_same()
    {
        for (var frame = 0; frame < 20; frame++)
            Follow(frame / 5.0, Face(0.5));

        Assert.Equal([1], Follow(4, Face(0.5, 1.5f)));
        Assert.Equal([1], Follow(4.2, Face(0.5)));
    }

    [Fact]
    public void Who_walks_out_and_who_walks_in_soon_after_are_two()
    {
        for (var frame = 0; frame <= 30; frame++)
            Follow(frame / 10.0, Face(0.6 + (frame * 0.013)));
        for (var frame = 31; frame < 50; frame++)
            Follow(frame / 10.0);

        Assert.Equal([2], Follow(5, Face(0.99)));
    }

    [Fact]
    public void As_many_faces_as_can_be_followed_are_the_best()
    {
        var faces = Crowd(200);
        var ids = Follow(0, faces);

        Assert.Equal(DeviceTracks.MaxTracks, ids.Count(id => id is not null));
        Assert.All(
            faces.Zip(ids).OrderByDescending(face => face.First.Score).Skip(DeviceTracks.MaxTracks),
            face => Assert.Null(face.Second));
        Assert.Equal(DeviceTracks.MaxTracks, Follow(10, Crowd(200)).OfType<long>().Distinct().Count());
    }

    [Fact]
    public void A_box_that_is_no_number_has_no_track() =>
        Assert.Equal([null, 1], Follow(0, Face(0.3) with { Min = new Vector2(float.NaN, 0) }, Face(0.5)));

    [Fact]
    public void A_device_that_others_crowded_out_goes_on_with_ids_that_nobody_had()
    {
        Assert.Equal([1, 2], Follow(0, Face(0.3), Face(0.7)));
        for (var device = 0; device < FaceTracker.Capacity; device++)
            Follow($"other-{device}", 1, Face(0.5));

        Assert.All(Follow(2, Face(0.3), Face(0.7)), id => Assert.True(id > 2));
    }

    [Fact]
    public void A_thousand_devices_with_ten_tracks_each_take_less_than_20_MB()
    {
        Detection[] faces = [.. Enumerable.Range(0, 10).Select(face => Face(face / 10.0))];
        string[] devices = [.. Enumerable.Range(0, 1000).Select(device => $"edge-{device}")];
        Follow(0, faces);
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var device in devices)
            Assert.Equal(10, Follow(device, 0, faces).OfType<long>().Count());

        // All that was allocated, so all that is kept too.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1_000_000, 20_000_000);
    }

    [Fact]
    public void A_frame_allocates_nothing_but_its_ids()
    {
        Detection[] faces = [.. Enumerable.Range(0, 10).Select(face => Face(face / 10.0))];
        for (var frame = 0; frame < 100; frame++)
            Follow(frame, faces);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Follow(101, faces);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200);
    }

    private long?[] Follow(double seconds, params Detection[] faces) => Follow("edge-1", seconds, faces);

    private long?[] Follow(string device, double seconds, params Detection[] faces) =>
        _tracker.Follow(device, TimeSpan.FromSeconds(seconds), Picture, faces);

    private Detection[] Crowd(int faces) => [.. Enumerable.Range(0, faces).Select(_ =>
        Face(_random.NextDouble()) with { Score = (float)(0.5 + (_random.NextDouble() / 2)) })];

    private static Detection Face(double x, float scale = 1)
    {
        var middle = new Vector2((float)x, 0.5f);
        var half = new Vector2(0.05f, 0.05f * 1280 / 720) * scale;
        return new Detection { Score = 0.9f, Min = middle - half, Max = middle + half };
    }

    private static Face Known(long? track) =>
        new() { Conf = 0.9, Xmin = 0, Ymin = 0, Width = 0.1, Height = 0.1, TrackId = track };
}
