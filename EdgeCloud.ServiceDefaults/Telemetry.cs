using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace EdgeCloud.ServiceDefaults;

/// <summary>
/// Metrics for Prometheus; metrics, traces and logs by OTLP where the orchestrator names an endpoint for it. Without
/// one nothing is traced, and spans cost nothing.
/// </summary>
public static class Telemetry
{
    private const string HeadersKey = "OTEL_EXPORTER_OTLP_HEADERS";

    /// <summary>
    /// Where neither a file nor the environment says otherwise. What begins with OTEL_ is OpenTelemetry's own, which
    /// reads it from the configuration.
    /// </summary>
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        // One trace in ten; whoever calls decides for its own.
        ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
        ["OTEL_TRACES_SAMPLER_ARG"] = "0.1",

        // The trace id is in a scope; and without a name the formatter has no options.
        ["Logging:Console:FormatterName"] = ConsoleFormatterNames.Simple,
        ["Logging:Console:FormatterOptions:IncludeScopes"] = "true",
    };

    internal static void AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(static metrics => metrics
                .AddMeter(
                    "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
                    "Microsoft.AspNetCore.Routing",
                    "System.Net.Http", "System.Runtime", Extensions.TelemetryPrefix + "*")
                .AddPrometheusExporter());
        if (!IsExporting(builder.Configuration))
            return;
        RequireHeaders(builder.Configuration[HeadersKey]);

        // The framework describes its spans by OpenTelemetry's conventions only when asked to.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        telemetry
            .WithMetrics(static metrics => metrics.SetExemplarFilter(ExemplarFilterType.TraceBased))
            .WithTracing(static tracing =>
                tracing.AddSource("Microsoft.AspNetCore", "System.Net.Http", Extensions.TelemetryPrefix + "*"))
            .WithLogging(configureBuilder: null, static logging =>
                (logging.IncludeFormattedMessage, logging.IncludeScopes) = (true, true))
            .UseOtlpExporter();
    }

    /// <summary>
    /// Gives the span of a request its name and its end by OpenTelemetry's conventions for HTTP, since .NET 10
    /// itself describes only how it began. Requests that only look after the service, and come all the time,
    /// are left out of the traces.
    /// </summary>
    public static void UseRequestSpans(this IApplicationBuilder app, IConfiguration configuration)
    {
        if (!IsExporting(configuration))
            return;
        app.Use(static (context, next) =>
        {
            if (Activity.Current is not { Recorded: true } span)
                return next(context);

            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            if (route is not (Extensions.HealthPath or Extensions.LivenessPath or Extensions.MetricsPath))
                return DescribeAsync(span, route, context, next);
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return next(context);
        });
    }

    private static async Task DescribeAsync(Activity span, string? route, HttpContext context, RequestDelegate next)
    {
        // As the framework noted it, which knows a name only for methods that exist.
        var method = span.GetTagItem("http.request.method");
        span.DisplayName = route is null ? $"{method}" : $"{method} {route}";
        span.SetTag("http.route", route);
        await next(context);

        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture))
                .SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>OpenTelemetry rejects them with a message that does not say which setting they are.</summary>
    private static void RequireHeaders(string? headers)
    {
        var pairs = (headers ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (pairs.Any(static pair => pair.IndexOf('=', StringComparison.Ordinal) < 1))
            throw new StartException($"{HeadersKey} must be key=value, several separated by commas.");
    }

    private static bool IsExporting(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
}
