using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Frames;

/// <summary>A frame whose event is stored.</summary>
/// <param name="Event">What was found in it.</param>
/// <param name="Json">The event: the reply, and byte for byte what goes to Kafka.</param>
/// <param name="IsSending">Whether it is being handed to Kafka now; otherwise it waits on the edge's disk.</param>
internal sealed record AcceptedFrame(DetectionEvent Event, byte[] Json, bool IsSending);

/// <summary>What becomes of a frame that has been received.</summary>
/// <returns>The frame with its event, or why there is none.</returns>
internal delegate ValueTask<(AcceptedFrame? Accepted, FrameRejection? Rejection)> FrameProcess(
    ReceivedFrame frame, CancellationToken cancellationToken);
