using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace OpenTelemetry.Metrics;

/// <summary>Adds the exporter that a scrape collects from.</summary>
public static class PrometheusExporterMeterProviderBuilderExtensions
{
    /// <summary>Adds the exporter.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder) => AddPrometheusExporter(builder, null, null);

    /// <summary>Adds the exporter.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder, Action<PrometheusAspNetCoreOptions> configure) =>
        AddPrometheusExporter(builder, null, configure);

    /// <summary>Adds the exporter, with options of that name.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(
        this MeterProviderBuilder builder, string? name, Action<PrometheusAspNetCoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;
        if (configure is not null)
            builder.ConfigureServices(services => services.Configure(name, configure));
        return builder.AddReader(services => new BaseExportingMetricReader(
            new PrometheusExporter(services.GetRequiredService<IOptionsMonitor<PrometheusAspNetCoreOptions>>().Get(name)))
        {
            TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
        });
    }
}
