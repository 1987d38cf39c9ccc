namespace EdgeCloud.Carbon;

/// <summary>What a kilowatt-hour from the grid emits.</summary>
/// <param name="GramsPerKwh">g CO2e/kWh.</param>
/// <param name="Location">Of which grid.</param>
/// <param name="Source">average, fixed, file or carbon_aware_sdk.</param>
/// <param name="MeasuredAt">When it was so; of an average, the end of its year; null when nobody says.</param>
public sealed record CarbonIntensity(double GramsPerKwh, string Location, string Source, DateTimeOffset? MeasuredAt)
{
    /// <summary>
    /// Below any grid there is: Norway's had 30 in 2023, and sample data of the Carbon Aware SDK has 0.6.
    /// </summary>
    public const double LowestPlausible = 1;

    /// <summary>Above any grid there is; oil shale, the dirtiest fuel, has about 1,200.</summary>
    public const double HighestPlausible = 2000;

    /// <summary>Whether it says anything about this hour, rather than about a year.</summary>
    public bool IsCurrent => Source != GridAverages.Source;
}

/// <summary>
/// Thrown by a provider that has no figure to give: missing, implausible, out of reach. The message says which.
/// </summary>
public sealed class IntensityUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
