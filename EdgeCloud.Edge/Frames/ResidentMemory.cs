using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Frames;

/// <summary>
/// Keeps resident what the frames need now. What large ones have left free goes back to the system once none have come
/// for a while: neither the C library nor the garbage collector does that while small frames follow. And what these
/// leave is collected before there is as much of it as the processor's cache holds, for which the collector waits.
/// </summary>
internal sealed class ResidentMemory(FrameMemory memory, TimeProvider time) : BackgroundService
{
    private const long WorthCollectingBytes = 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private bool _isDue;
    private long _allocatedBytes;

    public Action GiveBack { get; init; } = static () =>
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    };

    /// <summary>Gives memory back if none was taken in large pieces since the last look, but before it.</summary>
    public void Look()
    {
        var busy = memory.TakeBusy();
        var allocatedBytes = GC.GetTotalAllocatedBytes();
        if (_isDue && !busy)
            GiveBack();
        else if (allocatedBytes - _allocatedBytes > WorthCollectingBytes)
            GC.Collect(generation: 1);
        (_isDue, _allocatedBytes) = (busy, allocatedBytes);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }
}
