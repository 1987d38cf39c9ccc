using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.StandIns.OpenTelemetry;

public sealed class PrometheusScrapeTests
{
    private const string Prometheus3 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/html", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/plain;version=1.0.0", "text/plain; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=0.0.1", "application/openmetrics-text; version=0.0.1; charset=utf-8")]
    [InlineData("application/openmetrics-text;q=0.1,text/plain;q=0.2", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(Prometheus3, "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    public async Task The_scrape_says_which_format_it_reads(string accept, string contentType)
    {
        await using var app = await ScrapedApp.Start();

        using var response = await app.Scrape(accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.NotNull(response.Content.Headers.LastModified);
    }

    [Fact]
    public async Task A_response_is_served_again_while_it_is_fresh()
    {
        await using var app = await ScrapedApp.Start(options => options.ScrapeResponseCacheDurationMilliseconds = int.MaxValue);
        var counter = app.Meter.CreateCounter<long>("edgecloud.frames");
        counter.Add(1);

        var first = await app.ScrapeText();
        counter.Add(1);

        Assert.Equal(first, await app.ScrapeText());
    }

    [Fact]
    public async Task Without_caching_every_scrape_collects()
    {
        await using var app = await ScrapedApp.Start();
        var counter = app.Meter.CreateCounter<long>("edgecloud.frames");
        counter.Add(1);

        await app.ScrapeText();
        counter.Add(1);

        Assert.EndsWith(" 2\n", await app.ScrapeText());
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_share_a_collection()
    {
        var collections = 0;
        await using var app = await ScrapedApp.Start(options => options.ScrapeResponseCacheDurationMilliseconds = int.MaxValue);
        app.Meter.CreateObservableGauge("edgecloud.collections", () => Interlocked.Increment(ref collections));

        var texts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => app.ScrapeText())));

        Assert.Equal(1, collections);
        Assert.EndsWith(" 1\n", Assert.Single(texts.Distinct()));
    }

    [Fact]
    public async Task A_scrape_that_fails_says_so_and_the_next_one_works()
    {
        var broken = true;
        await using var app = await ScrapedApp.Start();
        app.Meter.CreateCounter<long>("edgecloud.frames").Add(1, new KeyValuePair<string, object?>("tag", new Unprintable(() => broken)));

        using var failed = await app.Scrape();
        broken = false;
        using var working = await app.Scrape();

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (failed.StatusCode, working.StatusCode));
    }

    [Fact]
    public async Task A_scrape_that_reads_gzip_gets_it()
    {
        await using var app = await ScrapedApp.Start();
        app.Meter.CreateCounter<long>("edgecloud.frames").Add(1);

        using var response = await app.Scrape(headers: ("Accept-Encoding", "gzip"));

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal("Accept-Encoding", Assert.Single(response.Headers.Vary));
        await using var plain = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Contains("edgecloud_frames_total", await new StreamReader(plain).ReadToEndAsync());
    }

    [Fact]
    public void An_endpoint_without_an_exporter_is_refused()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddOpenTelemetry().WithMetrics();
        var app = builder.Build();

        Assert.Throws<ArgumentException>(app.MapPrometheusScrapingEndpoint);
    }

    private sealed class Unprintable(Func<bool> isBroken)
    {
        public override string ToString() => isBroken() ? throw new NotSupportedException() : "printable";
    }
}
