using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.ServiceDefaults;
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

    public const string Tag = "Frames";

    private const string DeviceParameter = "The device; the edge's default device when it is left out.";

    private static readonly (int Status, string When) InvalidDevice =
        (StatusCodes.Status400BadRequest, "An invalid device_id");

    private static readonly (int Status, string When) UnknownDevice =
        (StatusCodes.Status404NotFound, "The device has sent nothing since the edge started");

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
            .WithName("postFrame").WithTags(Tag)
            .WithSummary("Looks at one frame")
            .WithDescription("A frame answered with 200 is accepted: its event is stored until Kafka has confirmed it. "
                + "image/jpg, image/pjpeg and application/octet-stream are read as image/jpeg.")
            .AddOpenApiOperationTransformer(FrameBody.DescribeAsync)
            .AddOpenApiOperationTransformer(FrameReply.DescribeAsync)
            .Produces<DetectionEvent>()
            .WithAnswers(
                (StatusCodes.Status200OK, "Accepted: the frame's event"),
                (StatusCodes.Status400BadRequest, "Not JSON, not Base64, not a JPEG, a truncated JPEG, an invalid "
                    + "device_id or captured_at, or a body that ended early"),
                (StatusCodes.Status408RequestTimeout, "The body arrived too slowly"),
                (StatusCodes.Status413PayloadTooLarge, "Too many bytes, too many pixels, or more than there is memory "
                    + "to decode"),
                (StatusCodes.Status415UnsupportedMediaType, "Another media type"),
                (StatusCodes.Status429TooManyRequests, "Too many frames at once, too many bytes at once, or too many "
                    + "frames of one device"),
                (StatusCodes.Status503ServiceUnavailable, "The models are still loading, or the event cannot be "
                    + "stored"))
            .WithRequestTimeout(new RequestTimeoutPolicy
            {
                Timeout = options.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status408RequestTimeout,
            });
        app.MapGet("/boxes", GetBoxes)
            .WithName("getBoxes").WithTags(Tag).WithSummary("The newest event of a device")
            .Produces<DetectionEvent>()
            .WithAnswers((StatusCodes.Status200OK, "The event"), InvalidDevice, UnknownDevice);
        app.MapGet("/frame.jpg", GetFrame)
            .WithName("getFrame").WithTags(Tag).WithSummary("The newest frame of a device")
            .Produces(StatusCodes.Status200OK)
            .AddOpenApiOperationTransformer(FrameReply.DescribePictureAsync)
            .WithAnswers((StatusCodes.Status200OK, "The frame"), InvalidDevice, UnknownDevice);
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
        LatestFrames latest, IOptions<FrameOptions> options,
        [FromQuery(Name = "device_id"), Description(DeviceParameter)]
        [StringLength(DeviceId.MaxLength, MinimumLength = 1), RegularExpression(DeviceId.Pattern)]
        string? deviceId) =>
        Newest(latest.EventJson, "application/json", deviceId ?? options.Value.DefaultDeviceId);

    private static IResult GetFrame(
        HttpContext context, LatestFrames latest, IOptions<FrameOptions> options,
        [FromQuery(Name = "device_id"), Description(DeviceParameter)]
        [StringLength(DeviceId.MaxLength, MinimumLength = 1), RegularExpression(DeviceId.Pattern)]
        string? deviceId)
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
