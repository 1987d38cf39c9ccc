using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace EdgeCloud.Tests.StandIns.OpenTelemetry;

public sealed class PrometheusExpositionTests
{
    [Fact]
    public async Task Prometheus_reads_its_own_text_format()
    {
        await using var app = await Measured();

        Assert.Equal(PrometheusExpositionText.Prometheus, await app.ScrapeText(ScrapedApp.PrometheusText));
    }

    [Fact]
    public async Task Prometheus_reads_open_metrics()
    {
        await using var app = await Measured();

        Assert.Equal(PrometheusExpositionText.OpenMetrics, await app.ScrapeText(ScrapedApp.OpenMetrics));
    }

    [Fact]
    public async Task What_the_options_switch_off_is_left_out()
    {
        await using var app = await ScrapedApp.Start(options =>
        {
            options.ScopeInfoEnabled = false;
            options.TargetInfoEnabled = false;
            options.DisableTotalNameSuffixForCounters = true;
        });
        app.Meter.CreateCounter<long>("edgecloud.frames").Add(3);

        Assert.Equal("# TYPE edgecloud_frames counter\nedgecloud_frames{} 3\n", await app.ScrapeText());
    }

    [Fact]
    public async Task A_name_that_two_types_claim_is_left_out()
    {
        await using var app = await ScrapedApp.Start(options => options.TargetInfoEnabled = false);
        app.Meter.CreateCounter<long>("edgecloud.conflict").Add(1);
        app.Meter.CreateUpDownCounter<long>("edgecloud.conflict_total").Add(1);

        Assert.Equal("", await app.ScrapeText());
    }

    private static async Task<ScrapedApp> Measured()
    {
        var app = await ScrapedApp.Start(metrics: provider => provider
            .AddView("edgecloud.inference.duration", new ExplicitBucketHistogramConfiguration { Boundaries = [0.005, 0.1, 1] })
            .AddView("edgecloud.offset", new ExplicitBucketHistogramConfiguration { Boundaries = [-1, 0, 1_000_000] }));
        var meter = app.Meter;

        var frames = meter.CreateCounter<long>("edgecloud.frames", "{frame}", "Frames \"decoded\"\nat the edge, C:\\frames");
        frames.Add(2, new("device.id", "edge-1"), new("ok", true));
        frames.Add(1, new("device.id", "quote\" slash\\ line\n ünï"), new("device_id", "other"), new("weight", 0.25));
        meter.CreateCounter<double>("edgecloud.energy", "J", "Energy spent").Add(0.016);
        meter.CreateCounter<long>("edgecloud.network.bytes_total", "By").Add(10);
        meter.CreateCounter<long>("edgecloud.rate", "By/s").Add(1);
        meter.CreateUpDownCounter<int>("edgecloud.devices.online").Add(-2);
        meter.CreateObservableGauge("edgecloud.temperature", () => new[]
        {
            new Measurement<double>(double.NaN, new KeyValuePair<string, object?>("9th", null)),
            new Measurement<double>(double.PositiveInfinity),
            new Measurement<double>(1e-7, new KeyValuePair<string, object?>("le", 1)),
        }, "Cel");
        var duration = meter.CreateHistogram<double>("edgecloud.inference.duration", "s", "Time per frame");
        duration.Record(0.004, new KeyValuePair<string, object?>("le", "dropped"));
        duration.Record(0.5, new KeyValuePair<string, object?>("model", "face"));
        duration.Record(7, new KeyValuePair<string, object?>("model", "face"));
        meter.CreateHistogram<long>("edgecloud.offset").Record(-5);
        return app;
    }
}
