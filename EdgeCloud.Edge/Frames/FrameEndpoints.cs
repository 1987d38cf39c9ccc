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
    /// <summary>How many times the largest body the server reads and throws away, so that its sender gets to read why it was refused; beyond it the connection is cut.</summary>
    private const int DiscardedBodies = 4;

    /// <summary>How long a browser may go without asking again whether a page from elsewhere may post frames; unasked it would ask before almost every frame. Chromium takes no more.</summary>
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(2);

    public static void AddFrames(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<FrameOptions>().BindConfiguration(FrameOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<FrameReader>();
        builder.Services.AddSingleton<FrameMemory>();
        builder.Services.AddSingleton<DeviceRates>();
        builder.Services.AddSingleton<LatestFrames>();
        builder.Services.AddSingleton<FrameMetrics>();
        builder.Services.TryAddSingleton<StageMetrics>();
        builder.Services.AddSingleton<FramePipeline>();
        builder.Services.AddSingleton<FrameFile>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FrameFile>());
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Retry-After", FrameReply.DeliveryHeader).SetPreflightMaxAge(PreflightMaxAge)));
        builder.Services.AddRequestTimeouts();
        NativeHeap.ReturnFreedMemory();
    }

    public static void MapFrames(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<FrameOptions>>().Value;
        app.UseCors();
        app.UseRequestTimeouts();
        app.MapPost("/frame", PostFrame)
            .WithMetadata(new RequestSizeLimitAttribute((long)options.MaxBodyBytes * DiscardedBodies))
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
            .WithRequestTimeout(new RequestTimeoutPolicy { Timeout = options.RequestTimeout, TimeoutStatusCode = StatusCodes.Status408RequestTimeout });
        app.MapGet("/boxes", GetBoxes)
            .WithSummary("The newest event of a device").Produces<DetectionEvent>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/frame.jpg", GetFrame)
            .WithSummary("The newest frame of a device").Produces(StatusCodes.Status200OK, contentType: "image/jpeg")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> PostFrame(
        HttpContext context, FrameReader reader, DeviceRates rates, FramePipeline pipeline, FrameMetrics metrics, IOptions<FrameOptions> options,
        CancellationToken cancellationToken)
    {
        var (accepted, rejection) = await LookAsync();
        EdgeTelemetry.TracedFrame?.SetTag("edgecloud.outcome", rejection?.Reason ?? "accepted");
        if (accepted is not null)
        {
            context.Response.Headers[FrameReply.DeliveryHeader] = FrameReply.Text(accepted.Delivery);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = accepted.Json.Length;
            await context.Response.Body.WriteAsync(accepted.Json, cancellationToken);
            return TypedResults.Empty;
        }

        metrics.Rejected(rejection!);
        if (rejection!.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problem(rejection);

        async ValueTask<(AcceptedEvent? Event, FrameRejection? Rejection)> LookAsync()
        {
            if (pipeline.Refusal() is { } refusal)
                return (null, refusal);

            var (frame, unreadable) = await reader.ReadAsync(context.Request, cancellationToken);
            using (frame)
            {
                if (frame is null)
                    return (null, unreadable);
                EdgeTelemetry.TracedFrame?.SetTag("edgecloud.device_id", frame.DeviceId);

                // Only now, since the page names its device in the body; to read a frame costs a hundredth of looking at it.
                return rates.TryAdmit(frame.DeviceId, out var wait)
                    ? await pipeline.ProcessAsync(frame, cancellationToken)
                    : (null, FrameRejection.DeviceTooFast(frame.DeviceId, options.Value.MaxFramesPerSecond, wait));
            }
        }
    }

    private static IResult GetBoxes(LatestFrames latest, IOptions<FrameOptions> options, [FromQuery(Name = "device_id")] string? deviceId) =>
        Newest(latest.EventJson, "application/json", deviceId ?? options.Value.DefaultDeviceId);

    private static IResult GetFrame(HttpContext context, LatestFrames latest, IOptions<FrameOptions> options, [FromQuery(Name = "device_id")] string? deviceId)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Newest(latest.Jpeg, "image/jpeg", deviceId ?? options.Value.DefaultDeviceId);
    }

    private static IResult Newest(Func<string, byte[]?> find, string mediaType, string deviceId)
    {
        if (!DeviceId.IsValid(deviceId))
            return Problem(FrameRejection.InvalidDeviceId());
        return find(deviceId) is { } found ? TypedResults.Bytes(found, mediaType) : Problem(FrameRejection.NeverSeen(deviceId));
    }

    private static ProblemHttpResult Problem(FrameRejection rejection) => TypedResults.Problem(rejection.Detail, statusCode: rejection.Status, title: rejection.Title);
}
