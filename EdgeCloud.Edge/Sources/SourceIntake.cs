using System.Buffers;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Sources;

/// <summary>Where the frames of sources join those that come over HTTP: the same budget, models, events and outbox.
/// </summary>
internal sealed class SourceIntake(
    FrameProcess process, FrameMemory memory, FrameMetrics metrics, TimeProvider time)
{
    /// <param name="deviceId">Whose frame it is.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="jpeg">Is copied.</param>
    /// <returns>The frame, or null when there is no memory left.</returns>
    public ReceivedFrame? Receive(string deviceId, SourceKind source, ReadOnlySequence<byte> jpeg)
    {
        var buffer = new FrameBuffer(memory);
        if (buffer.TryAppend(jpeg, jpeg.Length))
            return new ReceivedFrame(buffer, .., deviceId, time.GetUtcNow()) { Source = source };
        buffer.Dispose();
        metrics.Rejected(FrameRejection.OutOfMemory());
        return null;
    }

    /// <param name="frame">Which the caller disposes.</param>
    /// <param name="cancellationToken">Ends the waiting for its turn.</param>
    /// <returns>The accepted frame, or why there is none.</returns>
    public async Task<(AcceptedFrame? Accepted, FrameRejection? Rejection)> ProcessAsync(
        ReceivedFrame frame, CancellationToken cancellationToken)
    {
        using var span = EdgeTelemetry.Activities.StartActivity("source frame");
        span?.SetTag("edgecloud.device_id", frame.DeviceId);
        var (accepted, rejection) = await process(frame, cancellationToken);
        span?.SetTag("edgecloud.outcome", rejection?.Reason ?? "accepted");
        if (accepted is null)
            metrics.Rejected(rejection!);
        else
            metrics.Accepted(accepted.Event);
        return (accepted, rejection);
    }
}
