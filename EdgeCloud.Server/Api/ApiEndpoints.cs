using System.Net.ServerSentEvents;
using System.Text.Json;
using EdgeCloud.Contract;
using EdgeCloud.Server.Devices;
using EdgeCloud.Server.Live;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EdgeCloud.Server.Api;

internal static class ApiEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecentEvents>();
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddSingleton<LiveStream>();
        builder.Services.AddSingleton<StatsReader>();
        builder.Services.AddCors(
            cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()));
    }

    public static void MapApi(this WebApplication app)
    {
        app.UseCors();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<LiveFeed>().Close);
        app.MapGet("/data", GetData)
            .WithSummary("The newest events, newest first")
            .Produces<DetectionEvent[]>().ProducesProblem(StatusCodes.Status400BadRequest);
        app.MapGet("/devices", (DeviceRegistry registry) => registry.Summaries())
            .WithSummary("A summary of each device");
        app.MapGet("/stats", GetStats).WithSummary("Totals, lag, freshness and throughput");
        app.MapGet("/events", (LiveFeed feed, HttpResponse response, CancellationToken cancellationToken) =>
                Stream(response, feed.Listen(cancellationToken)))
            .WithSummary("Every new event as it comes, as server-sent events");
        app.MapGet(
                "/live",
                (LiveStream live, StatsReader stats, HttpResponse response, CancellationToken cancellationToken) =>
                    Stream(response, live.Watch(stats.ReadStatus, cancellationToken)))
            .WithSummary(
                "What the live page follows, as server-sent events: new events in batches without their poses, "
                + "the totals and the devices each second");
    }

    private static IResult GetData(
        DeviceRegistry registry, [FromQuery(Name = "device_id")] string? deviceId, int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
            return Rejected("Invalid limit", $"limit is {limit}; it must lie between 1 and {MaxLimit}.");
        if (deviceId is not null && !DeviceId.IsValid(deviceId))
            return Rejected("Invalid device_id", $"device_id must have {DeviceId.Rule}.");

        // The events as they came, members that this version does not know included.
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var stored in registry.Recent(deviceId, limit))
                writer.WriteRawValue(stored.Json, skipInputValidation: true);
            writer.WriteEndArray();
        }

        return TypedResults.Bytes(buffer.ToArray(), "application/json");
    }

    /// <summary>A proxy such as nginx would collect the small messages until they fill its buffers.</summary>
    private static ServerSentEventsResult<byte[]> Stream(
        HttpResponse response, IAsyncEnumerable<SseItem<byte[]>> items)
    {
        response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(items);
    }

    private static ServerStats GetStats(StatsReader stats) => stats.Read();

    private static IResult Rejected(string title, string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: title);
}
