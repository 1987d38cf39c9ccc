using System.Globalization;

namespace EdgeCloud.Server.Ingest;

/// <summary>The attributes of OpenTelemetry's semantic conventions for messaging and Kafka, 1.40.</summary>
internal static class MessagingTags
{
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string Partition = "messaging.destination.partition.id";
    public const string Offset = "messaging.kafka.offset";
    public const string Key = "messaging.kafka.message.key";
    public const string Tombstone = "messaging.kafka.message.tombstone";
    public const string BodySize = "messaging.message.body.size";
    public const string ErrorType = "error.type";

    /// <param name="operation">What Kafka calls it: poll, process or send.</param>
    /// <param name="type">What the conventions call it: receive, process or send.</param>
    /// <param name="topic">The topic.</param>
    public static KeyValuePair<string, object?>[] Of(string operation, string type, string topic) =>
    [
        new("messaging.system", "kafka"), new("messaging.destination.name", topic), new("messaging.operation.name", operation), new("messaging.operation.type", type),
    ];

    /// <summary>The conventions have a partition's number as a text.</summary>
    public static string Text(int partition) => partition.ToString(CultureInfo.InvariantCulture);
}
