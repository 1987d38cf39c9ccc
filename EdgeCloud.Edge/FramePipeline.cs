using System.Runtime.CompilerServices;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Motion;

namespace EdgeCloud.Edge;

/// <summary>
/// The way of one frame through the edge: admitted, analysed, its event stored for Kafka, and remembered.
/// </summary>
internal sealed class FramePipeline(
    FrameBudget budget, FrameAnalyzer analyzer, MotionGate gate, EventWriter events, LatestFrames latest,
    FrameFile file)
{
    /// <param name="frame">As it was received.</param>
    /// <param name="cancellationToken">Ends the waiting for its turn, and a look that takes long.</param>
    /// <returns>The accepted frame, or why there is none.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> ProcessAsync(
        ReceivedFrame frame, CancellationToken cancellationToken)
    {
        FrameAnalysis? analysis;
        var (admission, rejection) = await budget.AdmitAsync(frame, cancellationToken);
        if (admission is null)
            return (null, rejection);
        using (admission)
        {
            (analysis, rejection) = frame.Repeated is { } repeated
                ? analyzer.Confirm(frame, repeated, admission)
                : (analyzer.Analyze(frame, admission, latest.Blur, cancellationToken), null);
        }

        if (analysis is null)
            return (null, rejection ?? FrameRejection.InvalidJpeg("Its picture data cannot be decoded."));

        (var accepted, rejection) = await events.WriteAsync(frame, analysis);
        if (accepted is null)
            return (null, rejection);
        latest.Keep(accepted.Event, accepted.Json, analysis.Shown ?? frame.Jpeg);
        if (frame.Repeated is null)
            file.Offer(frame.DeviceId);
        if (analysis.ComparedJoules is { } joules)
        {
            var (number, id) = (accepted.Event.Frame!.Sequence, accepted.Event.EventId!.Value);
            gate.Answered(
                frame.DeviceId, analysis.AcceptedMonotonic, new Look(number, id, frame.BodyBytes, joules));
        }

        return (accepted, null);
    }
}
