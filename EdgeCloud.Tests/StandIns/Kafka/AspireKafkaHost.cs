using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EdgeCloud.Tests.StandIns.Kafka;

/// <summary>Collects, through OpenTelemetry, what a host's Kafka clients emit.</summary>
internal sealed class AspireKafkaHost : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> activities = [];
    private readonly Measurements measurements = new();

    public HostApplicationBuilder Builder { get; } = new(new HostApplicationBuilderSettings { DisableDefaults = true });

    public async Task<IHost> Start()
    {
        Builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddProcessor(this))
            .WithMetrics(metrics => metrics.AddReader(new BaseExportingMetricReader(measurements)));
        var host = Builder.Build();
        await host.StartAsync();
        return host;
    }

    public override void OnEnd(Activity data) => activities.Enqueue(data);

    public Activity ActivityNamed(string name) => Assert.Single(activities, activity => activity.DisplayName == name);

    /// <summary>The tags of the one series that counts the operation on that topic.</summary>
    public Dictionary<string, object?> SeriesOf(IHost host, string instrument, string topic)
    {
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        return Assert.Single(
            measurements.Series,
            series => series.Instrument == instrument && topic.Equals(series.Tags["messaging.destination.name"])).Tags;
    }

    private sealed class Measurements : BaseExporter<Metric>
    {
        public List<(string Instrument, Dictionary<string, object?> Tags)> Series { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Series.Clear();
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    var tags = new Dictionary<string, object?>();
                    foreach (var tag in point.Tags)
                        tags[tag.Key] = tag.Value;
                    Series.Add((metric.Name, tags));
                }
            }
            return ExportResult.Success;
        }
    }
}
