using System.ComponentModel;

namespace EdgeCloud.Carbon;

[Description("What a service holds whether it works or not, so that nobody else can have it.")]
public sealed record ReservedResources(
    [property: Description("Hardware threads.")]
    double Cpus,
    [property: Description("Memory, bytes.")]
    long MemoryBytes,
    [property: Description("Who says so: settings, container or machine.")]
    string From)
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
