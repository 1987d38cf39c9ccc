using System.Globalization;

namespace EdgeCloud.Tests.Carbon;

/// <summary>A file system with the files of a kernel that the test makes up.</summary>
internal sealed class FakeRoot : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public FakeRoot With(string path, string text)
    {
        var file = _folder.File(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
        return this;
    }

    public FakeRoot With(string path, long number) => With(path, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A container of version 2 that holds this process alone.</summary>
    public FakeRoot WithContainer(TimeSpan cpuTime, string cpuMax = "max 100000", string memoryMax = "max") => this
        .With("proc/self/cgroup", "0::/")
        .With("sys/fs/cgroup/cgroup.procs", Environment.ProcessId)
        .With("sys/fs/cgroup/cpu.stat", $"usage_usec {cpuTime.TotalMicroseconds:F0}\nuser_usec 1\nsystem_usec 2")
        .With("sys/fs/cgroup/cpu.max", cpuMax)
        .With("sys/fs/cgroup/memory.max", memoryMax);

    /// <summary>A processor package with its energy counter.</summary>
    public FakeRoot WithPackage(
        int number, long microjoules, long range = 262_143_328_850, string name = "package-0") => this
            .With($"sys/class/powercap/intel-rapl:{number}/name", name)
            .With($"sys/class/powercap/intel-rapl:{number}/max_energy_range_uj", range)
            .With($"sys/class/powercap/intel-rapl:{number}/energy_uj", microjoules);

    public void Dispose() => _folder.Dispose();
}
