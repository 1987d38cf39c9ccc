using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeCloud.Carbon;

/// <summary>
/// The energy counters of the processor packages (RAPL) as the kernel's powercap shows them, for AMD's processors
/// under the same name. Virtual machines have none, and only root may read them (CVE-2020-8694). They leave out
/// power supply, fans and disks.
/// </summary>
internal sealed partial class RaplCounters
{
    /// <summary>
    /// Twice what the largest package takes. More than that in the time that has passed means the counter started
    /// again, not that it went round.
    /// </summary>
    private const double MaxPackageWatts = 1000;

    private readonly Package[] _packages;
    private TimeSpan _readAt;

    private RaplCounters(Package[] packages, TimeSpan readAt) => (_packages, _readAt) = (packages, readAt);

    /// <returns>The counters of all packages; null when there are none that can be read.</returns>
    /// <param name="root">The file system's root.</param>
    /// <param name="now">On a clock that never goes back.</param>
    public static RaplCounters? Open(string root, TimeSpan now)
    {
        var powercap = Path.Combine(root, "sys/class/powercap");
        if (!Directory.Exists(powercap))
            return null;

        // intel-rapl:0:0 and the like are parts of a package; psys is the whole board, packages included.
        var packages = Directory.EnumerateFileSystemEntries(powercap)
            .Where(entry => PackageName().IsMatch(Path.GetFileName(entry))
                && Text(entry, "name")?.StartsWith("package", StringComparison.Ordinal) == true)
            .Select(entry =>
                (Folder: entry, Range: Number(entry, "max_energy_range_uj"), Start: Number(entry, "energy_uj")))
            .Where(package => package is { Range: > 0, Start: not null })
            .Select(package => new Package(package.Folder, package.Range!.Value, package.Start!.Value))
            .ToArray();
        return packages.Length > 0 ? new RaplCounters(packages, now) : null;
    }

    /// <returns>What the packages have used since the last call, joules.</returns>
    /// <param name="now">On a clock that never goes back.</param>
    public double Advance(TimeSpan now)
    {
        var most = MaxPackageWatts * (now - _readAt).TotalSeconds;
        _readAt = now;
        return _packages.Sum(package => package.Advance() is var joules && joules <= most ? joules : 0);
    }

    private static string? Text(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Number(string folder, string file) =>
        long.TryParse(Text(folder, file), CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^intel-rapl:\d+$")]
    private static partial Regex PackageName();

    private sealed class Package(string folder, long rangeMicrojoules, long startMicrojoules)
    {
        private long _microjoules = startMicrojoules;

        public double Advance()
        {
            if (Number(folder, "energy_uj") is not { } now)
                return 0;
            var advanced = now >= _microjoules ? now - _microjoules : rangeMicrojoules - _microjoules + now;
            _microjoules = now;
            return Math.Max(0, advanced) / 1e6;
        }
    }
}
