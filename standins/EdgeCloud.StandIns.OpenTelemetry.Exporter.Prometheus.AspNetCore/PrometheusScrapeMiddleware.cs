using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>Answers a scrape.</summary>
internal sealed class PrometheusScrapeMiddleware
{
    private const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";
    private readonly PrometheusExporter? exporter;

    public PrometheusScrapeMiddleware(RequestDelegate next, MeterProvider meterProvider)
    {
        _ = next;
        exporter = PrometheusExporter.Of(meterProvider);
        if (exporter is null && meterProvider.GetType().Name != "NoopMeterProvider")
            throw new ArgumentException("The meter provider has no Prometheus exporter: call AddPrometheusExporter.", nameof(meterProvider));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        // With the SDK disabled there is nothing to export, and that is no error.
        if (exporter is null)
            return;

        var started = Stopwatch.GetTimestamp();
        var headers = context.Request.GetTypedHeaders();
        var format = ExpositionFormat.Negotiate(headers.Accept);
        var scrape = await Collect(format).ConfigureAwait(false);
        if (scrape is null)
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        else if (TimedOut(context.Request, started))
            context.Response.StatusCode = StatusCodes.Status408RequestTimeout;
        else if (scrape.Body.Length > 0)
            await Send(context, scrape, format, AcceptsGzip(headers.AcceptEncoding)).ConfigureAwait(false);
    }

    private async Task<Scrape?> Collect(ExpositionFormat format)
    {
        try
        {
            return await exporter!.ScrapeAsync(format).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static async Task Send(HttpContext context, Scrape scrape, ExpositionFormat format, bool compress)
    {
        var response = context.Response;
        response.Headers.LastModified = scrape.CollectedAtUtc.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        response.ContentType = format.ContentType;
        if (!compress)
        {
            await response.Body.WriteAsync(scrape.Body, context.RequestAborted).ConfigureAwait(false);
            return;
        }
        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(scrape.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static bool TimedOut(HttpRequest request, long started) =>
        double.TryParse(request.Headers[TimeoutHeader], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0.001 and <= int.MaxValue / 1000
        && Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(seconds);

    private static bool AcceptsGzip(IList<StringWithQualityHeaderValue> encodings) =>
        encodings.Any(encoding => encoding.Quality is not 0 && encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));
}
