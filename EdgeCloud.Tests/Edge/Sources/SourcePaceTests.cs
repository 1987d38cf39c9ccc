using System.Collections.Concurrent;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Sources;

namespace EdgeCloud.Tests.Edge.Sources;

public sealed class SourcePaceTests
{
    private readonly ConcurrentQueue<int> _looked = [];
    private readonly TaskCompletionSource<TakeFrame> _take = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FetchEnd> _end = new();

    [Fact]
    public async Task While_a_frame_is_looked_at_only_the_newest_of_the_others_waits()
    {
        var looking = new TaskCompletionSource();
        await using var source = Source(realTime: true, async () =>
        {
            await looking.Task;
            return (0, null);
        });
        var take = await _take.Task;
        await take(FetchedSource.Frame(1));
        await Eventually.HoldsAsync(() => !_looked.IsEmpty, "the first is looked at");
        for (var i = 2; i <= 5; i++)
            await take(FetchedSource.Frame(i));

        looking.SetResult();
        await Eventually.HoldsAsync(() => _looked.Count == 2, "another is looked at");
        Assert.Equal([1, 5], _looked);
    }

    [Fact]
    public async Task It_slows_down_as_the_answer_says()
    {
        await using var source = Source(realTime: true, () => Task.FromResult<(int, FrameRejection?)>((1000, null)));
        var take = await _take.Task;
        for (var i = 0; i <= 20; i++)
        {
            await take(FetchedSource.Frame(i));
            await Eventually.HoldsAsync(
                () => _looked.Count + source.Dropped == i + 1, "the frame is looked at, or dropped");
            await source.AdvanceAsync(0.1);
        }

        Assert.Equal([0, 10, 20], _looked);
    }

    [Fact]
    public async Task What_is_read_as_fast_as_it_goes_waits_and_tries_again_instead_of_losing_a_frame()
    {
        var rejections = new ConcurrentQueue<FrameRejection?>([null, FrameRejection.Overloaded(), null, null]);
        await using var source = Source(realTime: false, () => Task.FromResult<(int, FrameRejection?)>(
            (60_000, rejections.TryDequeue(out var rejection) ? rejection : null)));
        var take = await _take.Task;
        var all = Task.Run(async () =>
        {
            for (var i = 1; i <= 5; i++)
                await take(FetchedSource.Frame(i));
        });
        await Eventually.HoldsAsync(() => _looked.Count == 2, "the second is rejected");
        Assert.False(all.IsCompleted);

        await Eventually.HoldsAsync(
            async () =>
            {
                await source.AdvanceAsync(1);
                return _looked.Count == 6;
            },
            "the others are looked at");
        await all;
        Assert.Equal([1, 2, 2, 3, 4, 5], _looked);
    }

    private FetchedSource Source(bool realTime, Func<Task<(int NextFrameMs, FrameRejection? Rejection)>> answer) => new(
        new SourceOptions { Url = "video.mp4", Device = "door", Fps = 10, RealTime = realTime },
        (_, take, _) =>
        {
            _take.SetResult(take);
            return _end.Task;
        },
        frame =>
        {
            _looked.Enqueue(frame);
            return answer();
        });
}
