using System.Diagnostics;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Outbox;

/// <summary>What the outbox keeps of an event: enough to send it without reading the JSON again.</summary>
/// <param name="Json">The value on Kafka; not copied, so not to be changed.</param>
/// <param name="TraceParent">W3C trace context of the frame.</param>
/// <param name="TraceState">Its second part.</param>
internal sealed record OutboxEvent(
    string DeviceId, Guid EventId, DateTimeOffset Timestamp, byte[] Json, string? TraceParent, string? TraceState)
{
    /// <summary>Ids, times, key and trace context, generously.</summary>
    private const int BytesBesideJson = 256;

    public long Bytes => Json.Length + BytesBesideJson;

    /// <summary>The CloudEvents type of a presence event; null of a detection event.</summary>
    public string? Type { get; init; }

    /// <summary>Which presence it tells of, while it is being stored; null of a detection event.</summary>
    public Guid? PresenceId { get; init; }

    /// <summary>Whether nothing more is told of its presence.</summary>
    public bool EndsPresence => Type is not null && Type == PresenceTopic.EventType(PresenceType.Ended);

    public ActivityContext TraceContext =>
        ActivityContext.TryParse(TraceParent, TraceState, isRemote: false, out var context) ? context : default;

    /// <param name="detectionEvent">An event with an id.</param>
    /// <param name="json">The same event as <see cref="DetectionEventJson.Write"/> wrote it.</param>
    public static OutboxEvent Of(DetectionEvent detectionEvent, byte[] json) => new(
        detectionEvent.DeviceId,
        detectionEvent.EventId
            ?? throw new ArgumentException("An event on Kafka needs an event_id.", nameof(detectionEvent)),
        detectionEvent.Timestamp,
        json,
        Activity.Current?.Id,
        Activity.Current?.TraceStateString);

    /// <param name="presence">The event.</param>
    /// <param name="json">The same event as <see cref="PresenceEventJson.Write"/> wrote it.</param>
    public static OutboxEvent Of(PresenceEvent presence, byte[] json) => new(
        presence.DeviceId, presence.EventId, presence.Timestamp, json, TraceParent: null, TraceState: null)
    {
        Type = PresenceTopic.EventType(presence.Type),
        PresenceId = presence.PresenceId,
    };
}

/// <summary>An event in the outbox.</summary>
/// <param name="Id">Rises from event to event: the order in which they are sent.</param>
/// <param name="StoredAt">On the outbox's clock, which never jumps.</param>
internal sealed record StoredEvent(long Id, DateTimeOffset StoredAt, OutboxEvent Event);
