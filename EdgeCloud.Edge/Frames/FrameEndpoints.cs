using System.Globalization;
using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

internal static class FrameEndpoints
{
    public static void AddFrames(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<FrameOptions>().BindConfiguration(FrameOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<FrameReader>();
        builder.Services.AddSingleton<LatestFrames>();
        builder.Services.AddSingleton<FrameMetrics>();
        builder.Services.AddSingleton<FramePipeline>();
        builder.Services.AddSingleton<FrameFile>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FrameFile>());
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Retry-After", FrameReply.DeliveryHeader)));

        // FrameReader bounds the body, and says so in words; no other endpoint reads one.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
    }

    public static void MapFrames(this WebApplication app)
    {
        app.UseCors();
        app.MapPost("/frame", PostFrame)
            .WithSummary("Looks at one frame")
            .AddOpenApiOperationTransformer(FrameBody.DescribeAsync)
            .AddOpenApiOperationTransformer(FrameReply.DescribeAsync)
            .Produces<DetectionEvent>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/boxes", GetBoxes)
            .WithSummary("The newest event of a device").Produces<DetectionEvent>().ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/frame.jpg", GetFrame)
            .WithSummary("The newest frame of a device").Produces(StatusCodes.Status200OK, contentType: "image/jpeg").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> PostFrame(HttpContext context, FrameReader reader, FramePipeline pipeline, FrameMetrics metrics, CancellationToken cancellationToken)
    {
        var (frame, rejection) = await reader.ReadAsync(context.Request, cancellationToken);
        using (frame)
        {
            if (frame is not null)
            {
                (var accepted, rejection) = await pipeline.ProcessAsync(frame, cancellationToken);
                if (accepted is not null)
                {
                    context.Response.Headers[FrameReply.DeliveryHeader] = FrameReply.Text(accepted.Delivery);
                    return TypedResults.Bytes(accepted.Json, "application/json");
                }
            }
        }

        metrics.Rejected(rejection!);
        if (rejection!.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = wait.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        return TypedResults.Problem(rejection.Detail, statusCode: rejection.Status, title: rejection.Title);
    }

    private static IResult GetBoxes(LatestFrames latest, IOptions<FrameOptions> options, [FromQuery(Name = "device_id")] string? deviceId) =>
        latest.EventJson(deviceId ?? options.Value.DefaultDeviceId) is { } json ? TypedResults.Bytes(json, "application/json") : NeverSeen(deviceId, options);

    private static IResult GetFrame(HttpContext context, LatestFrames latest, IOptions<FrameOptions> options, [FromQuery(Name = "device_id")] string? deviceId)
    {
        context.Response.Headers.CacheControl = "no-store";
        return latest.Jpeg(deviceId ?? options.Value.DefaultDeviceId) is { } jpeg ? TypedResults.Bytes(jpeg, "image/jpeg") : NeverSeen(deviceId, options);
    }

    private static IResult NeverSeen(string? deviceId, IOptions<FrameOptions> options) => TypedResults.Problem(
        $"No frame of device '{deviceId ?? options.Value.DefaultDeviceId}' has been seen since this edge started.", statusCode: StatusCodes.Status404NotFound, title: "Unknown device");
}
