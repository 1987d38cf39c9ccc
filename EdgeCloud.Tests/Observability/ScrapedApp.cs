using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace EdgeCloud.Tests.Observability;

/// <summary>An application whose meter can be scraped.</summary>
internal sealed partial class ScrapedApp : IAsyncDisposable
{
    public const string PrometheusText = "text/plain;version=0.0.4";
    public const string OpenMetrics = "application/openmetrics-text;version=1.0.0";
    private readonly WebApplication app;

    private ScrapedApp(WebApplication app, Meter meter)
    {
        this.app = app;
        Meter = meter;
    }

    public Meter Meter { get; }

    /// <summary>Starts the application; responses are not cached unless <paramref name="options"/> say so.</summary>
    public static async Task<ScrapedApp> Start(
        Action<PrometheusAspNetCoreOptions>? options = null, Action<MeterProviderBuilder>? metrics = null)
    {
        var name = $"meter-{Guid.NewGuid():n}";
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.Clear().AddAttributes([new("service.name", "edge \"one\""), new("host.cores", 2L)]))
            .WithMetrics(provider =>
            {
                provider.AddMeter(name).AddPrometheusExporter(exporter =>
                {
                    exporter.ScrapeResponseCacheDurationMilliseconds = 0;
                    options?.Invoke(exporter);
                });
                metrics?.Invoke(provider);
            });
        var app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync();
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        return new ScrapedApp(
            app, factory.Create(new MeterOptions(name) { Version = "1.0", Tags = [new("team", "vision")] }));
    }

    /// <summary>The response to a scrape.</summary>
    public async Task<HttpResponseMessage> Scrape(
        string accept = PrometheusText, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.GetTestClient().SendAsync(request);
    }

    /// <summary>The text of a scrape, with <c>T</c> for the times in it and <c>M</c> for the meter's name.</summary>
    public async Task<string> ScrapeText(string accept = PrometheusText)
    {
        using var response = await Scrape(accept);
        var text = await response.Content.ReadAsStringAsync();
        return Created().Replace(text, " T").Replace(Meter.Name, "M", StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [GeneratedRegex(@"(?<=_created\{[^\n]*\}) \S+")]
    private static partial Regex Created();
}
