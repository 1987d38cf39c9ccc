using EdgeCloud.Carbon;

namespace EdgeCloud.Cli.Carbon;

/// <summary>The carbon intensity of one day, by the time of day.</summary>
internal static class IntensityDay
{
    /// <summary>
    /// No day that was ever measured, but one like many in a grid with solar power: a yearly average, a third less at
    /// noon, two thirds more in the evening.
    /// </summary>
    public static Func<TimeSpan, double> Typical(double averageGramsPerKwh) => time =>
        averageGramsPerKwh * (1
            - (0.33 * Bump(time.TotalHours, at: 12.5, width: 3)) + (0.67 * Bump(time.TotalHours, at: 20, width: 2)));

    /// <param name="emissions">In any order.</param>
    /// <param name="location">Whose.</param>
    /// <returns>The figures of the first day there are any of, each until the next; and that day.</returns>
    /// <exception cref="IntensityUnavailableException">There are none, or one that cannot be true.</exception>
    public static (
        Func<TimeSpan, double> GramsPerKwh, DateOnly Day) Of(IEnumerable<Emission> emissions, string location)
    {
        var all = emissions.Where(emission => emission.Location.Equals(location, StringComparison.OrdinalIgnoreCase))
            .OrderBy(emission => emission.Time).ToArray();
        if (all.Length == 0)
            throw new IntensityUnavailableException($"There is no figure for {location}.");
        var midnight = all[0].Time.UtcDateTime.Date;
        var day = all.Where(emission => emission.Time.UtcDateTime.Date == midnight).Select(emission =>
            (Time: emission.Time.UtcDateTime - midnight, emission.Rating, emission.IsPlausible)).ToArray();
        return day.Any(figure => !figure.IsPlausible)
            ? throw new IntensityUnavailableException(
                $"{day.First(figure => !figure.IsPlausible).Rating} g/kWh for {location}, which no grid has.")
            : (time => day.LastOrDefault(figure => figure.Time <= time, day[0]).Rating,
                DateOnly.FromDateTime(midnight));
    }

    private static double Bump(double hour, double at, double width) => Math.Exp(-Math.Pow((hour - at) / width, 2));
}
