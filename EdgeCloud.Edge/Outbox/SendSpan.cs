using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// The span of sending an event to Kafka, by OpenTelemetry's semantic conventions for messaging, version 1.40. It lies beneath the span of the event's frame, however long
/// the event was in the outbox between the two, and exists only when that is recorded.
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
        var span = EdgeTelemetry.Activities.StartActivity($"send {topic}", ActivityKind.Producer, frame);
        Activity.Current = current;
        return span?
            .SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.name", "send")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", topic)
            .SetTag("messaging.client.id", clientId)
            .SetTag("messaging.kafka.message.key", sent.DeviceId)
            .SetTag("cloudevents.event_id", sent.EventId.ToString());
    }

    /// <summary>Lets the consumer go on with the trace: beneath the span, or beneath the frame's when there is none.</summary>
    public static void Inject(Activity? span, OutboxEvent sent, Headers headers)
    {
        if ((span?.Id ?? sent.TraceParent) is not { } traceParent)
            return;
        headers.Add("traceparent", Encoding.ASCII.GetBytes(traceParent));
        if ((span?.TraceStateString ?? sent.TraceState) is { Length: > 0 } traceState)
            headers.Add("tracestate", Encoding.ASCII.GetBytes(traceState));
    }

    /// <param name="span">The span, which ends.</param>
    /// <param name="duration">Of the sending.</param>
    /// <param name="position">Where in the topic the event is; without an offset when it was not delivered.</param>
    /// <param name="error">Why it was not delivered, or no error.</param>
    public static void End(Activity span, TimeSpan duration, TopicPartitionOffset position, Error error)
    {
        if (error.IsError)
        {
            span.SetTag("error.type", error.Code.ToString()).SetStatus(ActivityStatusCode.Error, error.Reason);
        }
        else
        {
            span.SetTag("messaging.destination.partition.id", position.Partition.Value.ToString(CultureInfo.InvariantCulture));
            span.SetTag("messaging.kafka.offset", position.Offset.Value);
        }

        span.SetEndTime(span.StartTimeUtc + duration);
        span.Stop();
    }
}
