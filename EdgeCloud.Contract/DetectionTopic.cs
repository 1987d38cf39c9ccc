using System.Text;
using Confluent.Kafka;

namespace EdgeCloud.Contract;

/// <summary>
/// The topics and the header conventions between edge and server: CloudEvents in binary mode over Kafka, version 1.0.
/// </summary>
public static class DetectionTopic
{
    public const string Name = "edge-data";
    public const string DeadLetterName = "edge-data.dlq";
    public const string ConsumerGroup = "edgecloud-server";

    internal const string SpecVersionHeader = "ce_specversion";
    /// <summary>The CloudEvents header with the event_id.</summary>
    public const string IdHeader = "ce_id";
    internal const string SourceHeader = "ce_source";
    internal const string TypeHeader = "ce_type";
    internal const string TimeHeader = "ce_time";
    internal const string ContentTypeHeader = "content-type";
    internal const string EventType = "edgecloud.detection.v1";

    private static readonly Header SpecVersion = new(SpecVersionHeader, "1.0"u8.ToArray());
    private static readonly Header Type = new(TypeHeader, Encoding.UTF8.GetBytes(EventType));
    private static readonly Header ContentType = new(ContentTypeHeader, "application/json"u8.ToArray());

    /// <summary>
    /// The message of an event: key = device id, headers = CloudEvents. Who sends it adds W3C trace context.
    /// </summary>
    /// <param name="deviceId">The event's <see cref="DetectionEvent.DeviceId"/>.</param>
    /// <param name="eventId">Its <see cref="DetectionEvent.EventId"/>.</param>
    /// <param name="timestamp">Its <see cref="DetectionEvent.Timestamp"/>.</param>
    /// <param name="json">The event as <see cref="DetectionEventJson.Write"/> wrote it: the value.</param>
    public static Message<string, byte[]> CreateMessage(
        string deviceId, Guid eventId, DateTimeOffset timestamp, byte[] json) =>
        CreateMessage(EventType, deviceId, eventId, timestamp, json);

    internal static Message<string, byte[]> CreateMessage(
        string type, string deviceId, Guid eventId, DateTimeOffset timestamp, byte[] json) => new()
        {
            Key = deviceId,
            Value = json,
            Timestamp = new Timestamp(timestamp),
            Headers = new Headers
            {
                SpecVersion,
                { IdHeader, Utf8(eventId) },
                { SourceHeader, [.. "/edgecloud/edge/"u8, .. Encoding.UTF8.GetBytes(deviceId)] },
                type == EventType ? Type : new Header(TypeHeader, Encoding.UTF8.GetBytes(type)),
                { TimeHeader, Encoding.UTF8.GetBytes(timestamp.ToWireText()) },
                ContentType,
            },
        };

    private static byte[] Utf8(Guid id)
    {
        var text = new byte[36];
        id.TryFormat(text, out _);
        return text;
    }
}
