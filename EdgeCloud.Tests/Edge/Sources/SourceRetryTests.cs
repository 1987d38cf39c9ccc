using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Sources;

namespace EdgeCloud.Tests.Edge.Sources;

public sealed class SourceRetryTests
{
    private static readonly SourceOptions Camera = new() { Url = "rtsp://camera/live", Device = "door" };

    private static readonly SourceOptions Snapshot = new() { Url = "http://camera/x.jpg", Device = "door", Fps = 0.5 };

    [Fact]
    public async Task One_that_is_away_is_tried_again_after_pauses_that_grow_until_frames_come()
    {
        await using var source = new FetchedSource(Camera, async (_, take, attempt) =>
        {
            if (attempt == 5)
                await take(FetchedSource.Frame(1));
            return new FetchEnd(FetchResult.Failed, attempt == 5 ? 1 : 0, "gone");
        });

        double[] pauses = [1, 2, 4, 8, 1, 2];
        foreach (var (index, pause) in pauses.Index())
        {
            Assert.Equal(index + 1, source.Attempts.Count);
            Assert.Equal(SourceState.Waiting, source.Status.State);
            Assert.Equal("gone", source.Status.Reason);
            await source.AdvanceAsync((0.75 * pause) - 0.001);
            Assert.Equal(index + 1, source.Attempts.Count);
            await source.AdvanceAsync(0.25 * pause + 0.001);
        }

        Assert.Equal(pauses.Length, source.Status.Restarts);
    }

    [Fact]
    public async Task One_over_which_nothing_comes_is_tried_over_the_other_protocol_and_one_that_fails_is_not()
    {
        await using var source = new FetchedSource(Camera, (_, _, attempt) => Task.FromResult(
            new FetchEnd(attempt is 1 or 4 ? FetchResult.Hung : FetchResult.Failed, 0, "gone")));
        for (var i = 0; i < 4; i++)
            await source.AdvanceAsync(60);

        Assert.Equal([false, true, true, true, false], source.Attempts.Select(attempt => attempt.IsUdpFirst));
    }

    [Fact]
    public async Task A_snapshot_is_fetched_once_in_an_interval_and_not_sooner_than_the_next_frame_is_due()
    {
        var answers = new Queue<int>([5000, 0, 0]);
        FetchedSource? source = null;
        await using var scene = source = new FetchedSource(
            Snapshot,
            async (_, take, attempt) =>
            {
                await take(FetchedSource.Frame(1));
                if (attempt > 1)
                    return new FetchEnd(FetchResult.Ended, 1, "");

                // A second one is dropped once it is known when the next one is due.
                await take(FetchedSource.Frame(2));
                await Eventually.HoldsAsync(() => source?.Dropped == 1, "it is known when the next one is due");
                return new FetchEnd(FetchResult.Ended, 1, "");
            },
            _ => Task.FromResult<(int, FrameRejection?)>((answers.Dequeue(), null)));

        await Eventually.HoldsAsync(() => source.Dropped == 1, "it is known when the next one is due");
        await source.AdvanceAsync(4.9);
        Assert.Single(source.Attempts);
        await source.AdvanceAsync(0.1);
        await Eventually.HoldsAsync(() => source.Attempts.Count == 2, "it is due");
        await source.AdvanceAsync(1.9);
        Assert.Equal(2, source.Attempts.Count);
        await source.AdvanceAsync(0.1);
        await Eventually.HoldsAsync(() => source.Attempts.Count == 3, "the interval is over");
        Assert.Equal((SourceState.Running, 0), (source.Status.State, source.Status.Restarts));
    }

    [Fact]
    public async Task What_fails_in_the_edge_itself_is_tried_again_too()
    {
        await using var source = new FetchedSource(Camera, (_, _, attempt) => attempt == 1
            ? throw new InvalidOperationException("a bug")
            : Task.FromResult(new FetchEnd(FetchResult.Failed, 0, "gone")));

        Assert.DoesNotContain("a bug", source.Status.Reason);
        await source.AdvanceAsync(1);
        Assert.Equal(2, source.Attempts.Count);
    }
}
