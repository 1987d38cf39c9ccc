using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeCloud.Edge.Pacing;

/// <summary>
/// The CPU time of the current thread: what a piece of work costs that stays on one thread, whatever else
/// the machine does meanwhile.
/// </summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    private static readonly bool IsSupported = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>
    /// Only the difference of two values of one thread means anything. Where there is no such clock, the time of day's
    /// stands in, which is more.
    /// </summary>
    public static TimeSpan Now => IsSupported && Read(ThreadCpuTime, out var now) == 0
        ? TimeSpan.FromTicks((now.Seconds * TimeSpan.TicksPerSecond) + (now.Nanoseconds / TimeSpan.NanosecondsPerTick))
        : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
