namespace OpenTelemetry.Exporter;

/// <summary>How metrics are offered to Prometheus.</summary>
public class PrometheusAspNetCoreOptions
{
    internal const string DefaultScrapeEndpointPath = "/metrics";

    /// <summary>The path of the endpoint where the mapping names none.</summary>
    public string? ScrapeEndpointPath { get; set; } = DefaultScrapeEndpointPath;

    /// <summary>Whether to leave the names of counters without <c>_total</c> in Prometheus' own format; OpenMetrics demands it.</summary>
    public bool DisableTotalNameSuffixForCounters { get; set; }

    /// <summary>Whether every series names the meter it comes from.</summary>
    public bool ScopeInfoEnabled { get; set; } = true;

    /// <summary>How long a response is served again before metrics are collected anew; 0 never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ScrapeResponseCacheDurationMilliseconds
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 300;

    /// <summary>Whether <c>target_info</c> tells the attributes of the resource.</summary>
    public bool TargetInfoEnabled { get; set; } = true;
}
