using System.Globalization;

namespace EdgeCloud.Carbon;

/// <summary>A control group of the kernel: what a container has used and what it may use.</summary>
internal sealed class ControlGroup
{
    private readonly string _cpu;
    private readonly string _memory;

    private ControlGroup(bool isV2, string cpu, string memory) => (IsV2, _cpu, _memory) = (isV2, cpu, memory);

    public bool IsV2 { get; }

    /// <summary>The processors it may keep busy; null without a limit.</summary>
    public double? CpuLimit
    {
        get
        {
            var (quota, period) = IsV2
                ? Text("cpu.max")?.Split(' ') is [var first, var second] ? (first, second) : (null, null)
                : (Text("cpu.cfs_quota_us"), Text("cpu.cfs_period_us"));
            return double.TryParse(quota, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
                && double.TryParse(period, CultureInfo.InvariantCulture, out var of) && of > 0
                ? microseconds / of : null;
        }
    }

    /// <summary>
    /// The memory it may hold, bytes; null without a limit. Version 1 writes a number of about 2⁶³ for none.
    /// </summary>
    public long? MemoryLimitBytes =>
        long.TryParse(
            Read(_memory, IsV2 ? "memory.max" : "memory.limit_in_bytes"), CultureInfo.InvariantCulture,
            out var bytes) && bytes < 1L << 50 ? bytes : null;

    /// <returns>
    /// The control group that this process is alone in, which is the sign of a container; null when there is none. In
    /// others, a login session's for instance, are the programs of everybody else.
    /// </returns>
    public static ControlGroup? Own(string root, int processId)
    {
        var memberships = ReadFile(Path.Combine(root, "proc/self/cgroup"))
            ?.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 3))
            .Where(parts => parts.Length == 3).ToArray() ?? [];
        var mount = Path.Combine(root, "sys/fs/cgroup");
        var candidates = memberships.SelectMany(parts => parts switch
        {
            // A container sees its own group as the root of the mount, whatever path the host knows it by.
            ["0", "", var path] => new[]
            {
                new ControlGroup(true, Join(mount, path), Join(mount, path)),
                new ControlGroup(true, mount, mount),
            },
            [_, var controllers, var path] when controllers.Split(',').Contains("cpuacct") => [
                new ControlGroup(false, Join(mount, controllers, path), Join(mount, "memory", path)),
                new ControlGroup(false, Join(mount, controllers), Join(mount, "memory"))],
            _ => [],
        });
        return candidates.FirstOrDefault(group =>
            group.Text("cgroup.procs")?.Split('\n') is [var only]
            && only == processId.ToString(CultureInfo.InvariantCulture)
            && (group.IsV2
                ? group.Value("cpu.stat", "usage_usec") is not null
                : group.Text("cpuacct.usage") is not null));
    }

    /// <returns>What a file of the group says; null when it cannot be read.</returns>
    public string? Text(string file) => Read(_cpu, file);

    /// <returns>A number of a file with lines of a name and a number.</returns>
    public long? Value(string file, string name)
    {
        foreach (var line in Text(file)?.Split('\n') ?? [])
        {
            if (line.Split(' ') is [var key, var value]
                && key == name && long.TryParse(value, CultureInfo.InvariantCulture, out var number))
                return number;
        }

        return null;
    }

    private static string? Read(string folder, string file) => ReadFile(Path.Combine(folder, file));

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Join(string mount, params string[] parts) =>
        Path.Combine([mount, .. parts.Select(part => part.TrimStart('/'))]);
}
