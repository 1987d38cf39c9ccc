using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>
/// Collects when asked to, and not again while the last response in a format is fresh. Whoever asks for a format that is just being collected
/// shares the outcome.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    // A meter provider tells nobody its exporters, but an exporter knows its provider.
    private static readonly ConditionalWeakTable<PrometheusExporter, object?> All = [];

    private readonly TimeSpan freshFor;
    private readonly ExpositionOptions exposition;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim collecting = new(1);
    private readonly Dictionary<ExpositionFormat, (Scrape Scrape, long Timestamp)> fresh = [];
    private readonly Dictionary<ExpositionFormat, Task<Scrape?>> underWay = [];
    private (ExpositionFormat Format, byte[]? Body) current;

    public PrometheusExporter(PrometheusAspNetCoreOptions options)
    {
        freshFor = TimeSpan.FromMilliseconds(options.ScrapeResponseCacheDurationMilliseconds);
        exposition = new(options.ScopeInfoEnabled, options.TargetInfoEnabled, !options.DisableTotalNameSuffixForCounters);
        All.Add(this, null);
    }

    public static PrometheusExporter? Of(MeterProvider provider) =>
        All.Select(entry => entry.Key).FirstOrDefault(exporter => exporter.ParentProvider == provider);

    /// <inheritdoc />
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics in that format, or null when collecting them failed.</summary>
    public Task<Scrape?> ScrapeAsync(ExpositionFormat format)
    {
        lock (gate)
        {
            if (fresh.TryGetValue(format, out var last) && Stopwatch.GetElapsedTime(last.Timestamp) < freshFor)
                return Task.FromResult<Scrape?>(last.Scrape);
            if (underWay.TryGetValue(format, out var shared))
                return shared;

            return underWay[format] = CollectAsync(format);
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        current.Body = Exposition.Write(batch, ParentProvider.GetResource(), current.Format, exposition);
        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            collecting.Dispose();
        base.Dispose(disposing);
    }

    private async Task<Scrape?> CollectAsync(ExpositionFormat format)
    {
        // Leaves the gate: instruments may take their time to be observed.
        await Task.Yield();
        await collecting.WaitAsync().ConfigureAwait(false);
        Scrape? scrape = null;
        try
        {
            current = (format, null);
            if (Collect!(Timeout.Infinite) && current.Body is { } body)
                scrape = new Scrape(body, DateTime.UtcNow);
            return scrape;
        }
        finally
        {
            collecting.Release();
            lock (gate)
            {
                underWay.Remove(format);
                if (scrape is not null)
                    fresh[format] = (scrape, Stopwatch.GetTimestamp());
            }
        }
    }
}

/// <summary>A response to a scrape, as sent.</summary>
internal sealed record Scrape(byte[] Body, DateTime CollectedAtUtc);
