using System.Globalization;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

internal static class FrameEndpoints
{
    /// <summary>
    /// How many times the largest body the server reads and throws away, so that its sender gets to read why it was
    /// rejected; beyond it the connection is cut.
    /// </summary>
    private const int DiscardedBodies = 4;

    /// <summary>
    /// How long a browser may go without asking again whether a page from elsewhere may post frames; unasked it would
    /// ask before almost every frame. Chromium takes no more.
    /// </summary>
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(2);

    public static void AddFrames(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<FrameOptions>()
            .BindConfiguration(FrameOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<FrameReader>();
        builder.Services.AddSingleton<FrameMemory>();
        builder.Services.AddSingleton<DeviceRates>();
        builder.Services.AddSingleton<LatestFrames>();
        builder.Services.AddSingleton<FrameMetrics>();
        builder.Services.TryAddSingleton<StageMetrics>();
        builder.Services.AddSingleton<FrameBudget>();
        builder.Services.AddSingleton<FrameFile>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FrameFile>());
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders("Retry-After", FrameReply.DeliveryHeader).SetPreflightMaxAge(PreflightMaxAge)));
        builder.Services.AddRequestTimeouts();
        NativeHeap.ReturnFreedMemory();
    }

    /// <param name="app">The edge.</param>
    /// <param name="process">What becomes of a frame that has been received.</param>
    public static void MapFrames(this WebApplication app, FrameProcess process)
    {
        var options = app.Services.GetRequiredService<IOptions<FrameOptions>>().Value;
        app.UseCors();
        app.UseRequestTimeouts();
        app.MapPost(
                "/frame",
                (HttpContext context, FrameReader reader, FrameBudget budget, FrameMetrics metrics) =>
                    PostFrameAsync(context, reader, budget, metrics, process))
            .WithMetadata(new RequestSizeLimitAttribute((long)options.MaxBodyBytes * DiscardedBodies))
            .WithTags(nameof(FrameEndpoints))
            .WithSummary("Looks at one frame")
            .AddOpenApiOperationTransformer(FrameBody.DescribeAsync)
            .AddOpenApiOperationTransformer(FrameReply.DescribeAsync)
            .Produces<DetectionEvent>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithRequestTimeout(new RequestTimeoutPolicy
            {
                Timeout = options.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status408RequestTimeout,
            });
        app.MapGet("/boxes", GetBoxes)
            .WithSummary("The newest event of a device").Produces<DetectionEvent>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/frame.jpg", GetFrame)
            .WithSummary("The newest frame of a device").Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> PostFrameAsync(
        HttpContext context, FrameReader reader, FrameBudget budget, FrameMetrics metrics, FrameProcess process)
    {
        var (accepted, rejection) = budget.Rejection() is { } full
            ? (null, full)
            : await ReceiveAsync(context, reader, process);
        EdgeTelemetry.TracedFrame?.SetTag("edgecloud.outcome", rejection?.Reason ?? "accepted");
        if (accepted is null)
        {
            metrics.Rejected(rejection!);
            if (rejection!.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds)
                    .ToString(CultureInfo.InvariantCulture);
            return Problem(rejection);
        }

        metrics.Accepted(accepted.Event);
        context.Response.Headers[FrameReply.DeliveryHeader] = FrameReply.Delivery(accepted.IsSending);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = accepted.Json.Length;
        await context.Response.Body.WriteAsync(accepted.Json, context.RequestAborted);
        return TypedResults.Empty;
    }

    private static async ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> ReceiveAsync(
        HttpContext context, FrameReader reader, FrameProcess process)
    {
        var (frame, unreadable) = await reader.ReadAsync(context.Request, context.RequestAborted);
        using (frame)
        {
            if (frame is null)
                return (null, unreadable);
            EdgeTelemetry.TracedFrame?.SetTag("edgecloud.device_id", frame.DeviceId);
            return await process(frame, context.RequestAborted);
        }
    }

    private static IResult GetBoxes(
        LatestFrames latest, IOptions<FrameOptions> options, [FromQuery(Name = "device_id")] string? deviceId) =>
        Newest(latest.EventJson, "application/json", deviceId ?? options.Value.DefaultDeviceId);

    private static IResult GetFrame(
        HttpContext context, LatestFrames latest, IOptions<FrameOptions> options,
        [FromQuery(Name = "device_id")] string? deviceId)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Newest(latest.Jpeg, "image/jpeg", deviceId ?? options.Value.DefaultDeviceId);
    }

    private static IResult Newest(Func<string, byte[]?> find, string mediaType, string deviceId)
    {
        if (!DeviceId.IsValid(deviceId))
            return Problem(FrameRejection.InvalidDeviceId());
        return find(deviceId) is { } found
            ? TypedResults.Bytes(found, mediaType)
            : Problem(FrameRejection.NeverSeen(deviceId));
    }

    private static ProblemHttpResult Problem(FrameRejection rejection) =>
        TypedResults.Problem(rejection.Detail, statusCode: rejection.Status, title: rejection.Title);
}
