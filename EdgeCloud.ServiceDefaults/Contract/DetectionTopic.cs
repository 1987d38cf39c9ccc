using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace EdgeCloud.ServiceDefaults.Contract;

/// <summary>The topics and the header conventions between edge and server: CloudEvents in binary mode over Kafka, version 1.0.</summary>
public static class DetectionTopic
{
    public const string Name = "edge-data";
    public const string DeadLetterName = "edge-data.dlq";
    public const string ConsumerGroup = "edgecloud-server";

    private const string TraceParent = "traceparent";

    private static readonly byte[] SpecVersion = "1.0"u8.ToArray();
    private static readonly byte[] Type = "edgecloud.detection.v1"u8.ToArray();
    private static readonly byte[] ContentType = "application/json"u8.ToArray();

    /// <summary>The message of an event: key = device id, headers = CloudEvents. The Kafka client integration adds W3C trace context.</summary>
    /// <param name="deviceId">The event's <see cref="DetectionEvent.DeviceId"/>.</param>
    /// <param name="eventId">Its <see cref="DetectionEvent.EventId"/>.</param>
    /// <param name="timestamp">Its <see cref="DetectionEvent.Timestamp"/>.</param>
    /// <param name="json">The event as <see cref="DetectionEventJson.Write"/> wrote it: the value.</param>
    public static Message<string, byte[]> CreateMessage(string deviceId, Guid eventId, DateTimeOffset timestamp, byte[] json) => new()
    {
        Key = deviceId,
        Value = json,
        Timestamp = new Timestamp(timestamp),
        Headers = new Headers
        {
            { "ce_specversion", SpecVersion },
            { "ce_id", Encoding.UTF8.GetBytes(eventId.ToString()) },
            { "ce_source", Encoding.UTF8.GetBytes($"/edgecloud/edge/{deviceId}") },
            { "ce_type", Type },
            { "ce_time", Encoding.UTF8.GetBytes(timestamp.ToWireText()) },
            { "content-type", ContentType },
        },
    };

    /// <summary>The headers of a dead letter: those of the original, its place of origin, and why it was refused.</summary>
    public static Headers CreateDeadLetterHeaders(TopicPartitionOffset origin, Headers? original, string reason)
    {
        var headers = new Headers();
        foreach (var header in original ?? [])
        {
            // The dead letter is traced anew; where the original came from stays readable.
            headers.Add(header.Key == TraceParent ? "dlq_traceparent" : header.Key, header.GetValueBytes());
        }

        headers.Add("dlq_reason", Encoding.UTF8.GetBytes(reason));
        headers.Add("dlq_topic", Encoding.UTF8.GetBytes(origin.Topic));
        headers.Add("dlq_partition", Encoding.UTF8.GetBytes(origin.Partition.Value.ToString(CultureInfo.InvariantCulture)));
        headers.Add("dlq_offset", Encoding.UTF8.GetBytes(origin.Offset.Value.ToString(CultureInfo.InvariantCulture)));
        return headers;
    }
}
