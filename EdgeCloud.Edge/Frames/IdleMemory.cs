using EdgeCloud.Edge.Inference.Streams;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// Gives back to the system what large frames have left free, once none have come for a while, and what loading the
/// models has. Neither the C library nor the garbage collector does by itself while only small frames follow: after a
/// minute of frames of all sizes, poses on, 277 MB stayed resident (docs/benchmarks.md).
/// </summary>
internal sealed class IdleMemory(FrameMemory memory, InferencePool inference, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private bool _isDue = true;

    public Action GiveBack { get; init; } = NativeHeap.Trim;

    /// <summary>Gives memory back if none was taken in large pieces since the last look, but before it.</summary>
    public void Look()
    {
        var busy = memory.TakeBusy() || !inference.IsLoaded;
        if (_isDue && !busy)
            GiveBack();
        _isDue = busy;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }
}
