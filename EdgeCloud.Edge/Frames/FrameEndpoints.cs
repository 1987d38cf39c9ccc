using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Frames;

internal static class FrameEndpoints
{
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
        builder.Services.AddOptions<FrameOptions>().BindValidated(FrameOptions.Section);
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
        builder.Services.AddHostedService<ResidentMemory>();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders(
                "Retry-After", FrameReply.DeliveryHeader, FrameReply.MotionGateHeader, FrameReply.SparedHeader,
                FrameReply.BlurHeader)
            .SetPreflightMaxAge(PreflightMaxAge)));
        builder.Services.AddRequestTimeouts();

        // A body comes in dozens of pieces: the thread that receives one goes on with it, instead of waking another for
        // each. FrameReader hands over the whole.
        builder.Services.Configure<SocketTransportOptions>(
            static sockets => sockets.UnsafePreferInlineScheduling = true);
        NativeHeap.ReturnFreedMemory();
    }

    /// <param name="app">The edge.</param>
    /// <param name="process">What becomes of a frame that has been received.</param>
    public static void MapFrames(this WebApplication app, FrameProcess process)
    {
        var posts = new FramePosts(app.Services, process);
        app.UseCors();
        app.UseRequestTimeouts();
        posts.MapFrame(app)
            .WithName("postFrame").WithTags(Tag)
            .WithSummary("Looks at one frame")
            .WithDescription("A frame answered with 200 is accepted: its event is stored until Kafka has confirmed it. "
                + "image/jpg, image/pjpeg and application/octet-stream are read as image/jpeg.")
            .Produces<DetectionEvent>()
            .AddOpenApiOperationTransformer(FrameReply.DescribeAsync)
            .AddOpenApiOperationTransformer(FrameBody.DescribeAsync)
            .WithAnswers(
                (StatusCodes.Status200OK, "Accepted: the frame's event"),
                (StatusCodes.Status400BadRequest, "Not JSON, not Base64, not a JPEG, a truncated JPEG, an invalid "
                    + "device_id, captured_at or detail, or a body that ended early"),
                (StatusCodes.Status408RequestTimeout, "The body arrived too slowly, or looking closely took too long"),
                (StatusCodes.Status413PayloadTooLarge, "Too many bytes, of which max_bytes are accepted, too many "
                    + "pixels, of which max_pixels are, or more than there is memory to decode"),
                (StatusCodes.Status415UnsupportedMediaType, "Another media type"),
                (StatusCodes.Status429TooManyRequests, "Too many frames at once, too many bytes at once, or too many "
                    + "frames of one device"),
                (StatusCodes.Status503ServiceUnavailable, "The models are still loading, or the event cannot be "
                    + "stored"));
        posts.MapUnchanged(app)
            .WithName("postUnchangedFrame").WithTags(Tag)
            .WithSummary("Takes one frame without its picture, which shows what the models saw last")
            .WithDescription("For a client that has compared the picture as the motion gate does, with the one of the "
                + "last frame of its own that the models looked at: whose event has no 'unchanged'. What the edge then "
                + "does is what it does with an unchanged frame at /frame.")
            .Produces<DetectionEvent>()
            .AddOpenApiOperationTransformer(FrameReply.DescribeAsync)
            .AddOpenApiOperationTransformer(UnchangedFrameBody.DescribeAsync)
            .AddOpenApiOperationTransformer(FrameReply.DescribeSparedAsync)
            .WithAnswers(
                (StatusCodes.Status200OK, "Accepted: its event, with the findings of the frame that it repeats"),
                (StatusCodes.Status400BadRequest, "Not JSON, an invalid sequence, event_id, device_id or captured_at, "
                    + "or a body that ended early"),
                (StatusCodes.Status408RequestTimeout, "The body arrived too slowly"),
                (StatusCodes.Status409Conflict, "The picture is needed: the motion gate is off, or the models looked "
                    + "last at another frame of this device, or too long ago, or others look now"),
                (StatusCodes.Status413PayloadTooLarge, "Too many bytes"),
                (StatusCodes.Status415UnsupportedMediaType, "Another media type"),
                (StatusCodes.Status429TooManyRequests, "Too many frames at once, too many bytes at once, or too many "
                    + "frames of one device"),
                (StatusCodes.Status503ServiceUnavailable, "The models are still loading, or the event cannot be "
                    + "stored"));
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
            return FrameRejection.InvalidDeviceId().ToProblem();
        return find(deviceId) is { } found
            ? TypedResults.Bytes(found, mediaType)
            : FrameRejection.NeverSeen(deviceId).ToProblem();
    }
}
