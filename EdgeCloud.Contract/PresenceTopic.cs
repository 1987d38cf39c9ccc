using Confluent.Kafka;

namespace EdgeCloud.Contract;

/// <summary>The topic of who came and went: CloudEvents in binary mode over Kafka, version 1.0.</summary>
public static class PresenceTopic
{
    public const string Name = "edge-presence";

    internal const string TypePrefix = "edgecloud.presence.";

    /// <summary>The CloudEvents type of an event.</summary>
    public static string EventType(PresenceType type) => type switch
    {
        PresenceType.Started => TypePrefix + "started",
        PresenceType.Updated => TypePrefix + "updated",
        _ => TypePrefix + "ended",
    };

    /// <summary>
    /// The message of an event: key = device id, headers = CloudEvents. Who sends it adds W3C trace context.
    /// </summary>
    /// <param name="type">As <see cref="EventType"/> names it.</param>
    /// <param name="deviceId">The event's <see cref="PresenceEvent.DeviceId"/>.</param>
    /// <param name="eventId">Its <see cref="PresenceEvent.EventId"/>.</param>
    /// <param name="timestamp">Its <see cref="PresenceEvent.Timestamp"/>.</param>
    /// <param name="json">The event as <see cref="PresenceEventJson.Write"/> wrote it: the value.</param>
    public static Message<string, byte[]> CreateMessage(
        string type, string deviceId, Guid eventId, DateTimeOffset timestamp, byte[] json) =>
        DetectionTopic.CreateMessage(type, deviceId, eventId, timestamp, json);
}
