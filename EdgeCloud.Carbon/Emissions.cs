using System.Text.Json;

namespace EdgeCloud.Carbon;

/// <summary>One figure of the Carbon Aware SDK's format.</summary>
/// <param name="Location">As the source calls it.</param>
/// <param name="Time">From when on it holds.</param>
/// <param name="Rating">g CO2e/kWh.</param>
/// <param name="Duration">How long it holds; zero when the source does not say.</param>
public sealed record Emission(string Location, DateTimeOffset Time, double Rating, TimeSpan Duration = default)
{
    public bool IsPlausible => Rating is >= CarbonIntensity.LowestPlausible and <= CarbonIntensity.HighestPlausible;
}

/// <summary>
/// The JSON of the Green Software Foundation's Carbon Aware SDK: in its files an object with <c>Emissions</c>, from its
/// web API the array alone.
/// </summary>
public static class Emissions
{
    private static readonly JsonSerializerOptions AnyCase = new()
    {
        PropertyNameCaseInsensitive = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="IntensityUnavailableException">It is not that format.</exception>
    public static IReadOnlyList<Emission> Parse(ReadOnlySpan<byte> utf8Json, string from)
    {
        try
        {
            var start = utf8Json.IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
            var list = start >= 0 && utf8Json[start] == '['
                ? JsonSerializer.Deserialize<List<Emission>>(utf8Json[start..], AnyCase)
                : JsonSerializer.Deserialize<EmissionsDocument>(
                    start < 0 ? utf8Json : utf8Json[start..], AnyCase)?.Emissions;
            return list is not null && !list.Contains(null!) ? list : throw new JsonException("there is nothing in it");
        }
        catch (JsonException exception)
        {
            throw new IntensityUnavailableException(
                $"{from} is not in the Carbon Aware SDK's format: {exception.Message}", exception);
        }
    }

    /// <returns>The newest figure of the place that has begun.</returns>
    /// <exception cref="IntensityUnavailableException">There is none, it is stale, or it cannot be true.</exception>
    internal static CarbonIntensity Newest(
        IReadOnlyList<Emission> emissions, string location, DateTimeOffset now, TimeSpan maxAge,
        string source, string from)
    {
        var newest = emissions.Where(emission => emission.Time <= now
            && emission.Location.Equals(location, StringComparison.OrdinalIgnoreCase)).MaxBy(emission => emission.Time)
            ?? throw new IntensityUnavailableException($"{from} has no figure for {location} up to now.");
        if (!newest.IsPlausible)
            throw new IntensityUnavailableException($"{from} has {newest.Rating} g/kWh for {location}, which no grid "
                + $"has; plausible are {CarbonIntensity.LowestPlausible} to {CarbonIntensity.HighestPlausible}.");
        if (now - newest.Time > maxAge && now > newest.Time + newest.Duration)
            throw new IntensityUnavailableException($"{from} has nothing newer than {newest.Time:u} for {location}; "
                + $"more than {maxAge.TotalHours:0.#} h is stale.");
        return new CarbonIntensity(newest.Rating, newest.Location, source, newest.Time);
    }

    private sealed record EmissionsDocument(List<Emission> Emissions);
}
