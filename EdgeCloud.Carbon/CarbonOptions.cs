using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Carbon;

/// <summary>
/// Configuration section <c>Carbon</c>: where the electricity comes from and what the machine takes of it,
/// the same for every service.
/// </summary>
public sealed class CarbonOptions : IValidatableObject
{
    public const string Section = "Carbon";

    /// <summary>
    /// Where the machine is: a country by its two letters (ISO 3166-1) for a yearly average, or whatever the file or
    /// the web API calls the place. Empty is the world.
    /// </summary>
    public string Location { get; set; } = "";

    /// <summary>Where the carbon intensity comes from.</summary>
    [EnumDataType(
        typeof(IntensitySource), ErrorMessage = Section + ":Source must be Average, Fixed, File or CarbonAwareSdk.")]
    public IntensitySource Source { get; set; }

    /// <summary>For <see cref="IntensitySource.Fixed"/>, g/kWh.</summary>
    [Range(
        CarbonIntensity.LowestPlausible, CarbonIntensity.HighestPlausible,
        ErrorMessage = Section + ":GramsPerKwh must lie between 1 and 2000.")]
    public double? GramsPerKwh { get; set; }

    /// <summary>
    /// For <see cref="IntensitySource.File"/>: emissions in the JSON format of the Green Software
    /// Foundation's Carbon Aware SDK.
    /// </summary>
    public string File { get; set; } = "";

    /// <summary>For <see cref="IntensitySource.CarbonAwareSdk"/>: the address of its web API.</summary>
    public Uri? Url { get; set; }

    /// <summary>How often file or web API are asked.</summary>
    [Range(
        typeof(TimeSpan), "00:00:01", "1.00:00:00",
        ErrorMessage = Section + ":RefreshInterval must lie between 00:00:01 and 1.00:00:00.")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the web API may take to answer.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00.100", "00:01:00",
        ErrorMessage = Section + ":Timeout must lie between 00:00:00.100 and 00:01:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An older figure is stale: the yearly average takes its place. Grids publish every 5 to 60 minutes,
    /// most of them an hour late.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:01:00", "7.00:00:00",
        ErrorMessage = Section + ":MaxAge must lie between 00:01:00 and 7.00:00:00.")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(3);

    /// <summary>
    /// What the building takes for each joule that the machine does: 1 outside of a data centre; Cloud Carbon Footprint
    /// has 1.135 for AWS, 1.125 for Azure, 1.1 for Google.
    /// </summary>
    [Range(1.0, 5.0, ErrorMessage = Section + ":PowerUsageEffectiveness must lie between 1 and 5.")]
    public double PowerUsageEffectiveness { get; set; } = 1;

    /// <summary>W of a hardware thread that does nothing, when it is known better than by its family.</summary>
    [Range(0.0, 1000.0, ErrorMessage = Section + ":IdleWattsPerCpu must lie between 0 and 1000.")]
    public double? IdleWattsPerCpu { get; set; }

    /// <summary>W that a busy hardware thread takes above that.</summary>
    [Range(0.0, 1000.0, ErrorMessage = Section + ":ActiveWattsPerCpu must lie between 0 and 1000.")]
    public double? ActiveWattsPerCpu { get; set; }

    /// <summary>
    /// The hardware threads that are reserved for the service. Left out, its container's limit, or the whole machine.
    /// </summary>
    [Range(0.0, 4096.0, ErrorMessage = Section + ":ReservedCpus must lie between 0 and 4096.")]
    public double? ReservedCpus { get; set; }

    /// <summary>The memory that is reserved for the service, likewise.</summary>
    [Range(0L, 1L << 50, ErrorMessage = Section + ":ReservedMemoryBytes must lie between 0 and 1125899906842624.")]
    public long? ReservedMemoryBytes { get; set; }

    /// <summary>
    /// What making the machine emitted, for each hardware thread and hour of its life. A server of 96 threads and 384
    /// GB by Cloud Carbon Footprint (AWS m5.metal): 1610.79 kg / (4 years of 8760 h × 96) = 0.479 g.
    /// </summary>
    [Range(0.0, 1000.0, ErrorMessage = Section + ":EmbodiedGramsPerCpuHour must lie between 0 and 1000.")]
    public double EmbodiedGramsPerCpuHour { get; set; } = 0.479;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Source == IntensitySource.Fixed && GramsPerKwh is null)
            yield return new ValidationResult($"{Section}:GramsPerKwh must be set when {Section}:Source is Fixed.");
        if (Source == IntensitySource.File && string.IsNullOrWhiteSpace(File))
            yield return new ValidationResult($"{Section}:File must name a file when {Section}:Source is File.");
        if (Source == IntensitySource.CarbonAwareSdk && Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            yield return new ValidationResult(
                $"{Section}:Url must be an http or https address when {Section}:Source is CarbonAwareSdk.");
        if (Source is IntensitySource.File or IntensitySource.CarbonAwareSdk && string.IsNullOrWhiteSpace(Location))
            yield return new ValidationResult(
                $"{Section}:Location must name the place when {Section}:Source is File or CarbonAwareSdk.");
    }
}

public enum IntensitySource
{
    /// <summary>The yearly average of the country.</summary>
    Average,
    Fixed,
    File,
    CarbonAwareSdk,
}
