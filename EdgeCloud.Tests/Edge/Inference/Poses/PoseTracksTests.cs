using System.Numerics;
using EdgeCloud.Edge.Inference.Poses;

namespace EdgeCloud.Tests.Edge.Inference.Poses;

public sealed class PoseTracksTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(2);

    private readonly PoseTracks _tracks = new(Gap, maxTracks: 3);

    [Fact]
    public void A_device_goes_on_with_its_own_track()
    {
        var track = Keep("a", 1);
        Keep("b", 1);
        Assert.Same(track, Take("a", 2));
    }

    [Theory]
    [InlineData(2.0, true)]
    [InlineData(2.001, false)]
    public void A_track_survives_the_gap_and_no_longer(double secondsLater, bool survives)
    {
        Keep("a", 10);
        Assert.Equal(survives, Take("a", 10 + secondsLater) is not null);
    }

    [Fact]
    public void A_track_in_use_is_not_handed_out_again()
    {
        Keep("a", 1);
        Assert.NotNull(Take("a", 2));
        Assert.Null(Take("a", 2.1));
    }

    [Fact]
    public void Of_two_frames_at_the_same_time_the_later_one_s_track_stays_whichever_ends_first()
    {
        var (earlier, later) = (Track(2), Track(2.1));
        _tracks.Keep("a", later);
        _tracks.Keep("a", earlier);
        Assert.Same(later, Take("a", 3));

        _tracks.Keep("b", earlier);
        _tracks.Keep("b", later);
        Assert.Same(later, Take("b", 3));
    }

    [Fact]
    public void A_frame_accepted_before_the_track_s_last_one_leaves_it_alone()
    {
        var track = Keep("a", 5);
        Assert.Null(Take("a", 4.9));
        Assert.Null(Take("a", 5));
        Assert.Same(track, Take("a", 5.1));
    }

    [Fact]
    public void Beyond_the_bound_the_device_seen_longest_ago_is_forgotten()
    {
        Keep("b", 1.1);
        Keep("a", 1.0);
        Keep("c", 1.2);
        Keep("d", 1.3);

        Assert.Equal(3, _tracks.Count);
        Assert.Null(Take("a", 2));
        Assert.NotNull(Take("b", 2));
    }

    [Fact]
    public void What_is_too_old_is_gone_at_the_next_frame_of_any_device()
    {
        Keep("a", 1);
        Keep("b", 1.5);
        Take("c", 3.2);
        Assert.Equal(1, _tracks.Count);
        Take("c", 3.6);
        Assert.Equal(0, _tracks.Count);
    }

    [Fact]
    public void A_track_that_is_confirmed_lives_on_from_then()
    {
        var track = Keep("a", 1);
        _tracks.Confirm("a", TimeSpan.FromSeconds(2.5));
        _tracks.Confirm("b", TimeSpan.FromSeconds(2.5));
        Assert.Equal(1, _tracks.Count);
        Assert.Same(track, Take("a", 4.4));
    }

    private PoseTrack? Take(string deviceId, double seconds) => _tracks.Take(deviceId, TimeSpan.FromSeconds(seconds));

    private PoseTrack Keep(string deviceId, double seconds)
    {
        var track = Track(seconds);
        _tracks.Keep(deviceId, track);
        return track;
    }

    private static PoseTrack Track(double seconds)
    {
        var track = new PoseTrack();
        track.Follow(new Pose(), new Vector2(640, 480), TimeSpan.FromSeconds(seconds));
        return track;
    }
}
