using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeCloud.Contract;
using EdgeCloud.Server.Live;
using EdgeCloud.Server.Store;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;

namespace EdgeCloud.Server.Api;

internal static class ApiEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    private static readonly JsonObject AsyncApi = AsyncApiDocument.Create();
    private static readonly JsonObject EventSchema = DetectionEventSchema.Document();

    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ServerApi.Description);
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
        app.UseStoreIsAway();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<LiveFeed>().Close);
        app.MapGet("/data", GetData)
            .WithName("getData").WithTags(ServerApi.EventsTag).WithSummary("The newest events, newest first")
            .WithDescription("As they came, with members that this server does not know.")
            .Produces<DetectionEvent[]>()
            .WithAnswers(
                (StatusCodes.Status200OK, "The events"),
                (StatusCodes.Status400BadRequest, "An invalid device_id or limit"));
        app.MapGet("/devices", (DeviceRegistry registry) => registry.Summaries())
            .WithName("getDevices").WithTags(ServerApi.DevicesTag).WithSummary("A summary of each device")
            .WithAnswers((StatusCodes.Status200OK, "The devices, by their ids"));
        app.MapGet("/stats", GetStats)
            .WithName("getStats").WithTags(ServerApi.StatisticsTag)
            .WithSummary("Totals, lag, freshness and throughput")
            .WithAnswers((StatusCodes.Status200OK, "The numbers of now"));
        app.MapHistory();
        app.MapVisits();
        app.MapGet("/events", (LiveFeed feed, HttpResponse response, CancellationToken cancellationToken) =>
                Stream(response, feed.Listen(cancellationToken)))
            .WithName("streamEvents").WithTags(ServerApi.EventsTag)
            .WithSummary("Every new event as it comes, as server-sent events")
            .AddOpenApiOperationTransformer(ServerApi.DescribeEventsAsync)
            .WithAnswers((StatusCodes.Status200OK, "A stream without end"));
        app.MapGet(
                "/live",
                (LiveStream live, StatsReader stats, HttpResponse response, CancellationToken cancellationToken) =>
                    Stream(response, live.Watch(stats.ReadStatus, cancellationToken)))
            .WithName("streamLive").WithTags(ServerApi.EventsTag)
            .WithSummary("What the live page follows, as server-sent events")
            .WithDescription("New events in batches without their poses, the totals and the devices each second.")
            .AddOpenApiOperationTransformer(ServerApi.DescribeLiveAsync)
            .WithAnswers((StatusCodes.Status200OK, "A stream without end"));
        app.MapGet(ServerApi.AsyncApiPath, () => AsyncApi)
            .WithName("getAsyncApi").WithTags(ServerApi.ContractTag).WithSummary("The topics, as AsyncAPI 3")
            .WithAnswers((StatusCodes.Status200OK, "The document"));
        app.MapGet("/schemas/detection-event.json", () => EventSchema)
            .WithName("getEventSchema").WithTags(ServerApi.ContractTag).WithSummary("The event, as JSON Schema")
            .WithAnswers((StatusCodes.Status200OK, "The schema, of 2020-12"));
    }

    private static IResult GetData(
        DeviceRegistry registry,
        [FromQuery(Name = "device_id"), Description("The device; all of them when it is left out.")]
        [StringLength(DeviceId.MaxLength, MinimumLength = 1), RegularExpression(DeviceId.Pattern)]
        string? deviceId,
        [Description("How many events at most."), Range(1, MaxLimit)]
        int limit = DefaultLimit)
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
            foreach (var json in registry.Recent(deviceId, limit))
                writer.WriteRawValue(json, skipInputValidation: true);
            writer.WriteEndArray();
        }

        return TypedResults.Bytes(buffer.ToArray(), "application/json");
    }

    /// <summary>A proxy such as nginx would collect the small messages until they fill its buffers.</summary>
    /// <returns>No more exact type, from which the framework would describe arrays of bytes.</returns>
    private static IResult Stream(HttpResponse response, IAsyncEnumerable<SseItem<byte[]>> items)
    {
        response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(items);
    }

    private static ServerStats GetStats(StatsReader stats) => stats.Read();

    private static IResult Rejected(string title, string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: title);
}
