using System.Collections.Frozen;
using System.Globalization;

namespace EdgeCloud.Carbon;

/// <summary>
/// Yearly averages per country (GridAverages.csv, which names its source): what is taken when nothing better is known.
/// </summary>
public static class GridAverages
{
    internal const string Source = "average";

    private const string World = "world";
    private const int Year = 2023;

    private static readonly FrozenDictionary<string, double> GramsPerKwh = Load();

    public static IEnumerable<string> Locations => GramsPerKwh.Keys;

    /// <param name="location">A country's two letters.</param>
    /// <returns>The country's average; the world's for a place it does not know.</returns>
    public static CarbonIntensity Of(string location)
    {
        var known = GramsPerKwh.ContainsKey(location) ? location.ToUpperInvariant() : World;
        return new CarbonIntensity(
            GramsPerKwh[known], known, Source, new DateTimeOffset(Year, 12, 31, 0, 0, 0, TimeSpan.Zero));
    }

    private static FrozenDictionary<string, double> Load()
    {
        using var reader = new StreamReader(
            typeof(GridAverages).Assembly.GetManifestResourceStream("EdgeCloud.Carbon.GridAverages.csv")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(','))
            .ToFrozenDictionary(
                fields => fields[0], fields => double.Parse(fields[2], CultureInfo.InvariantCulture),
                StringComparer.OrdinalIgnoreCase);
    }
}
