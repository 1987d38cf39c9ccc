using System.Diagnostics;
using System.Globalization;

namespace EdgeCloud.Contract;

/// <summary>
/// The attributes of OpenTelemetry's semantic conventions for messaging and Kafka, 1.40, as both services name them.
/// </summary>
public static class MessagingTags
{
    public const string ClientId = "messaging.client.id";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string Partition = "messaging.destination.partition.id";
    public const string Offset = "messaging.kafka.offset";
    public const string Key = "messaging.kafka.message.key";
    public const string Tombstone = "messaging.kafka.message.tombstone";
    public const string BodySize = "messaging.message.body.size";
    public const string ErrorType = "error.type";

    /// <summary>W3C trace context, in a message's headers.</summary>
    public const string TraceParent = "traceparent";

    /// <inheritdoc cref="TraceParent"/>
    public const string TraceState = "tracestate";

    /// <summary>What Kafka and the conventions both call send; the name of its span is <see cref="SpanName"/>.</summary>
    public const string Send = "send";

    /// <inheritdoc cref="Send"/>
    public const string Process = "process";

    /// <param name="operation">What Kafka calls it: poll, process or send.</param>
    /// <param name="type">What the conventions call it: receive, process or send.</param>
    /// <param name="topic">The topic.</param>
    public static KeyValuePair<string, object?>[] Of(string operation, string type, string topic) =>
    [
        new("messaging.system", "kafka"),
        new("messaging.destination.name", topic),
        new("messaging.operation.name", operation),
        new("messaging.operation.type", type),
    ];

    public static string SpanName(string operation, string topic) => $"{operation} {topic}";

    /// <param name="span">The span of a message.</param>
    /// <param name="operation"><see cref="Send"/> or <see cref="Process"/>.</param>
    /// <param name="topic">The topic.</param>
    public static Activity SetOperation(this Activity span, string operation, string topic)
    {
        foreach (var (name, value) in Of(operation, operation, topic))
            span.SetTag(name, value);
        return span;
    }

    public static Activity SetPosition(this Activity span, int partition, long offset) =>
        span.SetTag(Partition, Text(partition)).SetTag(Offset, offset);

    public static void Fail(this Activity? span, string errorType, string description) =>
        span?.SetTag(ErrorType, errorType).SetStatus(ActivityStatusCode.Error, description);

    /// <summary>The conventions have a partition's number as a text.</summary>
    public static string Text(int partition) => partition.ToString(CultureInfo.InvariantCulture);
}
