using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using KestrelServerOptions = Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions;

namespace EdgeCloud.ServiceDefaults;

/// <summary>What every service of EdgeCloud does alike: telemetry, limits, health, problem details, OpenAPI.</summary>
public static class Extensions
{
    /// <summary>Meters and activity sources of our own are all named with this prefix.</summary>
    public const string TelemetryPrefix = "EdgeCloud.";

    internal const string HealthPath = "/health";
    internal const string LivenessPath = "/alive";
    internal const string MetricsPath = "/metrics";
    private const string LiveTag = "live";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ServiceRun.WithoutEchoes(builder.Logging);
        builder.AddTelemetry();
        builder.AddHttpLimits();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddProblemDetails();
        builder.Services.AddApiDocument();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;

            // A number in a text is no number, neither here nor in the OpenAPI document.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        });
        return builder;
    }

    /// <summary>
    /// Maps /health (readiness: every check), /alive (liveness: the process answers), /metrics, /openapi/v1.json and
    /// /scalar, in every environment, since Kubernetes probes and Prometheus need them in production too.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.UseRequestSpans(app.Configuration);

        // What the framework itself rejects (a body too large, a parameter that is no number) keeps its status, in
        // Development too.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is BadHttpRequestException refused
                ? refused.StatusCode
                : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = WriteHealthAsync });
        app.MapHealthChecks(LivenessPath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        app.MapPrometheusScrapingEndpoint(MetricsPath);
        app.MapApiDocument();
        return app;
    }

    /// <summary>Serves the page that the build puts into a folder beside the program.</summary>
    /// <param name="app">The service.</param>
    /// <param name="folder">The folder's name.</param>
    /// <param name="startFile">The file of it that / is.</param>
    public static WebApplication MapPage(this WebApplication app, string folder, string startFile)
    {
        var options = new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, folder)),
        };
        options.DefaultFilesOptions.DefaultFileNames = [startFile];
        options.StaticFileOptions.OnPrepareResponse = static file =>
            file.Context.Response.Headers.CacheControl = "no-cache";
        app.UseFileServer(options);
        return app;
    }

    /// <summary>The status alone; with ?verbose, as Kubernetes has it, each check and what it says, too.</summary>
    private static Task WriteHealthAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        var checks = context.Request.Query.ContainsKey("verbose")
            ? report.Entries.Select(static check =>
                $"\n{check.Key}: {check.Value.Status}{(check.Value.Description is { } said ? $": {said}" : "")}")
            : [];
        return context.Response.WriteAsync(
            report.Status + string.Concat(checks), context.RequestAborted);
    }

    private static void AddHttpLimits<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<HttpLimits>().BindValidated(HttpLimits.Section);
        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<HttpLimits>>(static (kestrel, limits) => limits.Value.ApplyTo(kestrel.Limits));
    }
}
