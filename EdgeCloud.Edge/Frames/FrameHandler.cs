using System.Globalization;
using System.Runtime.CompilerServices;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Frames;

/// <summary>How a frame's body is read.</summary>
/// <returns>The frame, or why there is none.</returns>
internal delegate ValueTask<(ReceivedFrame? Frame, FrameRejection? Rejection)> ReadFrame(
    FrameReader reader, HttpRequest request);

/// <summary>Receives frames at one route, has them processed, and answers.</summary>
/// <param name="services">The edge's.</param>
/// <param name="read">How bodies are read there.</param>
/// <param name="process">What becomes of a frame that has been received.</param>
/// <param name="gate">What the answers say of the motion gate.</param>
/// <param name="blur">What they say of blurring.</param>
internal sealed class FrameHandler(
    IServiceProvider services, ReadFrame read, FrameProcess process, string? gate, string blur)
{
    private readonly FrameReader _reader = services.GetRequiredService<FrameReader>();
    private readonly FrameBudget _budget = services.GetRequiredService<FrameBudget>();
    private readonly FrameMetrics _metrics = services.GetRequiredService<FrameMetrics>();

    public async Task HandleAsync(HttpContext context)
    {
        var (accepted, rejection) = _budget.Rejection() is { } full ? (null, full) : await ReceiveAsync(context);
        EdgeTelemetry.TracedFrame?.SetTag("edgecloud.outcome", rejection?.Reason ?? "accepted");
        if (accepted is null)
        {
            _metrics.Rejected(rejection!);
            if (rejection!.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter =
                    Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await rejection.ToProblem().ExecuteAsync(context);
            return;
        }

        _metrics.Accepted(accepted.Event);
        var headers = context.Response.Headers;
        headers[FrameReply.DeliveryHeader] = FrameReply.Delivery(accepted.IsSending);
        headers[FrameReply.MotionGateHeader] = gate;
        headers[FrameReply.BlurHeader] = blur;
        if (accepted.Spared is { } spared)
        {
            _metrics.NotUploaded(spared);
            headers[FrameReply.SparedHeader] = FrameReply.Spared(spared);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = accepted.Json.Length;
        await context.Response.Body.WriteAsync(accepted.Json, context.RequestAborted);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> ReceiveAsync(HttpContext context)
    {
        var (frame, unreadable) = await read(_reader, context.Request);
        using (frame)
        {
            if (frame is null)
                return (null, unreadable);
            if (FrameSender.Of(context.Request) is { } sender && sender.DeviceId != frame.DeviceId)
                return (null, FrameRejection.OtherDevice(sender.DeviceId));
            EdgeTelemetry.TracedFrame?.SetTag("edgecloud.device_id", frame.DeviceId);
            return await process(frame, context.RequestAborted);
        }
    }
}
