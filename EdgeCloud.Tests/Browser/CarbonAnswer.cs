using System.Text.Json;
using Microsoft.Playwright;

namespace EdgeCloud.Tests.Browser;

/// <summary>
/// Answers to GET /carbon, of one hour with a frame a second: the example of docs/carbon.md, and as
/// much again for other work.
/// </summary>
internal static class CarbonAnswer
{
    public static readonly object Average = new
    {
        grams_per_kwh = 381,
        location = "DE",
        source = "average",
        age_seconds = (DateTime.UtcNow - new DateTime(2023, 12, 31)).TotalSeconds,
        problem = (string?)null,
    };

    public static Task NoneAsync(IRoute route) => route.FulfillAsync(new RouteFulfillOptions { Status = 404 });

    public static Task AwayAsync(IRoute route) => route.AbortAsync("connectionrefused");

    public static Task JsonAsync(IRoute route, string json) =>
        route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = json });

    /// <param name="route">The request.</param>
    /// <param name="frames">How many, each of 7.2 mJ; null of a service that looks at none.</param>
    /// <param name="intensity">As in the report.</param>
    /// <param name="activeJoules">Of frames and other work.</param>
    /// <param name="operationalGrams">Of all electricity.</param>
    /// <param name="embodiedGrams">Of the making.</param>
    /// <param name="since">When counting began.</param>
    public static Task ReportAsync(
        IRoute route, int? frames = 3600, object? intensity = null, double activeJoules = 51.8,
        double operationalGrams = 0.2554, double embodiedGrams = 0.479, DateTime? since = null) =>
        JsonAsync(route, JsonSerializer.Serialize(new
        {
            component = frames is null ? "server" : "edge",
            method = "cgroup_v2",
            since = since ?? DateTime.UtcNow.AddHours(-1),
            processor = new
            {
                family = "AMD EPYC 3rd generation",
                idle_watts = Estimate(0.33, 0.46, 0.62),
                active_watts = Estimate(1.3, 1.5, 1.71),
            },
            reserved = new { cpus = 1, memory_bytes = 500_000_000, from = "settings" },
            power_watts = Estimate(0.54, 0.67, 0.83),
            energy_joules = new
            {
                active = Estimate(activeJoules * 0.8, activeJoules, activeJoules * 1.2),
                reserved = Estimate(1893.6, 2361.6, 2937.6),
            },
            intensity = intensity ?? new
            {
                grams_per_kwh = 381,
                location = "DE",
                source = "file",
                age_seconds = 120,
                problem = (string?)null,
            },
            carbon_grams = new { operational = operationalGrams, embodied = embodiedGrams },
            frames = frames is { } count ? new
            {
                count,
                joules_each = 0.0072,
                marginal_grams_each = 7.62e-7,
                grams_each = (operationalGrams + embodiedGrams) / count,
            } : null,
        }));

    private static object Estimate(double low, double mean, double high) => new { low, mean, high };
}
