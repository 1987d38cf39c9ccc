using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// The span of sending an event to Kafka. It lies beneath the span of the event's frame, however long the event was in
/// the outbox between the two, and exists only when that is recorded.
/// </summary>
internal static class SendSpan
{
    /// <returns>The span, which is not made the current one; null when there is none.</returns>
    public static Activity? Start(string topic, string clientId, OutboxEvent sent)
    {
        if (!EdgeTelemetry.Activities.HasListeners())
            return null;
        var frame = sent.TraceContext;
        if (!frame.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            return null;

        var current = Activity.Current;
        var span = EdgeTelemetry.Activities.StartSend(topic, frame);
        Activity.Current = current;
        return span?
            .SetTag(MessagingTags.ClientId, clientId)
            .SetTag(MessagingTags.Key, sent.DeviceId)
            .SetTag("cloudevents.event_id", sent.EventId.ToString());
    }

    /// <summary>
    /// Lets the consumer go on with the trace: beneath the span, or beneath the frame's when there is none.
    /// </summary>
    public static void Inject(Activity? span, OutboxEvent sent, Headers headers)
    {
        if ((span?.Id ?? sent.TraceParent) is not { } traceParent)
            return;
        headers.Add(MessagingTags.TraceParent, Encoding.ASCII.GetBytes(traceParent));
        if ((span?.TraceStateString ?? sent.TraceState) is { Length: > 0 } traceState)
            headers.Add(MessagingTags.TraceState, Encoding.ASCII.GetBytes(traceState));
    }

    /// <param name="span">The span, which ends.</param>
    /// <param name="duration">Of the sending.</param>
    /// <param name="position">Where in the topic the event is; without an offset when it was not delivered.</param>
    /// <param name="error">Why it was not delivered, or no error.</param>
    public static void End(Activity span, TimeSpan duration, TopicPartitionOffset position, Error error)
    {
        if (error.IsError)
            span.Fail(error.Code.ToString(), error.Reason);
        else
            span.SetPosition(position.Partition, position.Offset);
        span.SetEndTime(span.StartTimeUtc + duration);
        span.Stop();
    }
}
