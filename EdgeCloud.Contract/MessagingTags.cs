using System.Diagnostics;
using System.Globalization;

namespace EdgeCloud.Contract;

/// <summary>Spans and attributes as OpenTelemetry's conventions for messaging and Kafka, 1.40, name them.</summary>
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

    /// <summary>The headers of a message with its W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <inheritdoc cref="TraceParent"/>
    public const string TraceState = "tracestate";

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

    /// <summary>The sending of a message.</summary>
    public static Activity? StartSend(this ActivitySource source, string topic, ActivityContext parent = default) =>
        source.StartActivity($"send {topic}", ActivityKind.Producer, parent, Of("send", "send", topic));

    /// <summary>The processing of a message: a child of its sending, and linked to it, where that is known.</summary>
    public static Activity? StartProcess(this ActivitySource source, string topic, ActivityContext sender) =>
        source.StartActivity(
            $"process {topic}", ActivityKind.Consumer, sender, Of("process", "process", topic),
            sender == default ? null : [new ActivityLink(sender)]);

    public static Activity? SetPosition(this Activity? span, int partition, long offset) =>
        span?.SetTag(Partition, Text(partition)).SetTag(Offset, offset);

    public static void Fail(this Activity? span, string errorType, string? description) =>
        span?.SetTag(ErrorType, errorType).SetStatus(ActivityStatusCode.Error, description);

    /// <summary>The conventions have a partition's number as a text.</summary>
    public static string Text(int partition) => partition.ToString(CultureInfo.InvariantCulture);
}
