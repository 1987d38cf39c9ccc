using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;

namespace EdgeCloud.Edge;

/// <summary>
/// The way of one frame through the edge: admitted, analysed, its event stored for Kafka, and remembered.
/// </summary>
internal sealed class FramePipeline(
    FrameBudget budget, FrameAnalyzer analyzer, EventWriter events, LatestFrames latest, FrameFile file)
{
    /// <param name="frame">As it was received.</param>
    /// <param name="cancellationToken">Ends the waiting for its turn.</param>
    /// <returns>The accepted frame, or why there is none.</returns>
    public async ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> ProcessAsync(
        ReceivedFrame frame, CancellationToken cancellationToken)
    {
        FrameAnalysis? analysis;
        var (admission, rejection) = await budget.AdmitAsync(frame, cancellationToken);
        if (admission is null)
            return (null, rejection);
        using (admission)
            analysis = analyzer.Analyze(frame, admission);
        if (analysis is null)
            return (null, FrameRejection.InvalidJpeg("Its picture data cannot be decoded."));

        (var accepted, rejection) = await events.WriteAsync(frame, analysis);
        if (accepted is null)
            return (null, rejection);
        latest.Keep(accepted.Event, accepted.Json, frame.Jpeg);
        file.Offer(frame.DeviceId);
        return (accepted, null);
    }
}
