namespace EdgeCloud.Carbon.Pacing;

/// <summary>
/// The CPU time of a frame of 640 × 480 with the short range face model and each pose model, the pose followed from
/// frame to frame: decode and face 1.2 ms, and the pose's share from docs/benchmarks.md. What the pacing goes by
/// until it has measured, and the simulation all the time.
/// </summary>
public static class FrameCpuTime
{
    /// <summary>Decoded, and found to show nothing new.</summary>
    public static readonly TimeSpan Unchanged = TimeSpan.FromMilliseconds(0.6);

    /// <summary>The short range face model, which is part of all below.</summary>
    public static readonly TimeSpan ShortRangeFaces = TimeSpan.FromMilliseconds(0.7);

    /// <summary>What the full range face model takes, beside the short range one or in its place.</summary>
    public static readonly TimeSpan FullRangeFaces = TimeSpan.FromMilliseconds(2);

    public static readonly TimeSpan Off = TimeSpan.FromMilliseconds(1.2);
    public static readonly TimeSpan Lite = TimeSpan.FromMilliseconds(4.8);
    public static readonly TimeSpan Full = TimeSpan.FromMilliseconds(7.4);
    public static readonly TimeSpan Heavy = TimeSpan.FromMilliseconds(25.4);
}
