using System.Globalization;

namespace EdgeCloud.Carbon;

/// <summary>
/// Where the CPU time of this service is read: its container's control group when it has one to
/// itself, else the process.
/// </summary>
/// <param name="Method">cgroup_v2, cgroup_v1 or process.</param>
/// <param name="ControlGroup">The container's own control group; null when there is none.</param>
/// <param name="Read">The CPU time used so far; may start again from zero, and is null when it cannot be read.</param>
internal sealed record CpuTimeSource(string Method, ControlGroup? ControlGroup, Func<TimeSpan?> Read)
{
    /// <param name="root">The file system's root.</param>
    /// <param name="processId">This process.</param>
    public static CpuTimeSource Choose(string root, int processId)
    {
        var group = Carbon.ControlGroup.Own(root, processId);
        return group switch
        {
            { IsV2: true } => new("cgroup_v2", group, () => group.Value("cpu.stat", "usage_usec") is { } microseconds
                ? TimeSpan.FromMicroseconds(microseconds) : null),
            not null => new("cgroup_v1", group, () => Nanoseconds(group.Text("cpuacct.usage"))),
            null => new("process", null, () => Environment.CpuUsage.TotalTime),
        };
    }

    private static TimeSpan? Nanoseconds(string? text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var nanoseconds)
            ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null;
}
