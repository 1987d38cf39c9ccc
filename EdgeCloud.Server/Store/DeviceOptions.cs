using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Server.Store;

/// <summary>Configuration section <c>Server:Devices</c>.</summary>
internal sealed class DeviceOptions : IValidatableObject
{
    public const string Section = "Server:Devices";

    /// <summary>How many of a device's newest events are kept.</summary>
    [Range(1, 100_000, ErrorMessage = Section + ":EventsPerDevice must lie between 1 and 100000.")]
    public int EventsPerDevice { get; set; } = 500;

    /// <summary>How many devices are kept; beyond it the one heard of longest ago is forgotten.</summary>
    [Range(1, 100_000, ErrorMessage = Section + ":MaxDevices must lie between 1 and 100000.")]
    public int MaxDevices { get; set; } = 1000;

    /// <summary>
    /// How many event ids of a partition are remembered to tell duplicates. An event sent again further behind its
    /// first copy counts twice; an edge that lost its connection sends again at most what was on its way. About 60
    /// bytes each.
    /// </summary>
    [Range(1, 10_000_000, ErrorMessage = Section + ":DeduplicationWindow must lie between 1 and 10000000.")]
    public int DeduplicationWindow { get; set; } = 100_000;

    /// <summary>A device heard of within this time is online.</summary>
    public TimeSpan OnlineWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A device heard of within this time is stale, and after it offline.</summary>
    public TimeSpan StaleWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A device not heard of for this time is forgotten; the totals keep its events.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(24);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OnlineWithin <= TimeSpan.Zero)
            yield return new ValidationResult($"{Section}:OnlineWithin must be longer than zero.");
        if (StaleWithin < OnlineWithin)
            yield return new ValidationResult(
                $"{Section}:StaleWithin must not be shorter than {Section}:OnlineWithin.");
        if (ForgetAfter < StaleWithin)
            yield return new ValidationResult($"{Section}:ForgetAfter must not be shorter than {Section}:StaleWithin.");
    }
}
