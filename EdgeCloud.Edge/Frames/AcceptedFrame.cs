using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Frames;

/// <summary>A frame whose event is stored.</summary>
/// <param name="Event">What was found in it.</param>
/// <param name="Json">The event: the reply, and byte for byte what goes to Kafka.</param>
/// <param name="IsSending">Whether it is being handed to Kafka now; otherwise it waits on the edge's disk.</param>
internal sealed record AcceptedFrame(DetectionEvent Event, byte[] Json, bool IsSending)
{
    /// <summary>Null for a frame that came with its picture.</summary>
    public Spared? Spared { get; init; }
}

/// <summary>What is spared when an unchanged frame is not uploaded, against uploading it.</summary>
/// <param name="Bytes">Of the body.</param>
/// <param name="Joules">Of decoding it, to see that nothing has changed.</param>
internal readonly record struct Spared(long Bytes, double Joules);

/// <summary>What becomes of a frame that has been received.</summary>
/// <returns>The frame with its event, or why there is none.</returns>
internal delegate ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> FrameProcess(
    ReceivedFrame frame, CancellationToken cancellationToken);
