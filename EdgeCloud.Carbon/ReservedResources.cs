namespace EdgeCloud.Carbon;

/// <summary>What a service holds whether it works or not, so that nobody else can have it.</summary>
/// <param name="Cpus">Hardware threads.</param>
/// <param name="MemoryBytes">Memory.</param>
/// <param name="From">Who says so: settings, container or machine.</param>
public sealed record ReservedResources(double Cpus, long MemoryBytes, string From)
{
    /// <summary>Cloud Carbon Footprint's figure, from those of two makers of memory.</summary>
    public const double MemoryWattsPerGigabyte = 0.392;

    /// <returns>What the settings say; what they leave open, the container's limits; and without these, the
    /// whole machine.</returns>
    internal static ReservedResources Find(CarbonOptions options, ControlGroup? container) => new(
        options.ReservedCpus ?? container?.CpuLimit ?? Environment.ProcessorCount,
        options.ReservedMemoryBytes ?? container?.MemoryLimitBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        options.ReservedCpus is not null ? "settings" : container?.CpuLimit is not null ? "container" : "machine");
}
