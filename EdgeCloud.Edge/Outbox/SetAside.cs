using System.ComponentModel;
using System.Text.Json.Serialization;

namespace EdgeCloud.Edge.Outbox;

/// <summary>The events that Kafka rejects, which stay in the outbox until an operator has them sent again.</summary>
/// <param name="ByReason">How many there are of each reason; few reasons, since none names an event.</param>
internal sealed record SetAside(long Bytes, IReadOnlyDictionary<string, long> ByReason)
{
    public long Events { get; } = ByReason.Values.Sum();

    /// <summary>The reasons, the one of most events first.</summary>
    public string Reasons =>
        string.Join("; ", ByReason.OrderByDescending(static pair => pair.Value).Select(static pair => pair.Key));

    /// <param name="reason">Of the events that come (or, negative, go).</param>
    public SetAside With(string reason, long events, long bytes)
    {
        var byReason = new Dictionary<string, long>(ByReason);
        byReason[reason] = byReason.GetValueOrDefault(reason) + events;
        if (byReason[reason] <= 0)
            byReason.Remove(reason);
        return new SetAside(Bytes + bytes, byReason);
    }
}

[Description("An event that is set aside.")]
internal sealed record SetAsideEvent
{
    /// <summary>In the outbox; another after each retry.</summary>
    [JsonIgnore]
    public long Id { get; init; }

    /// <summary>By <see cref="OutboxEvent.Bytes"/>.</summary>
    [JsonIgnore]
    public long StoredBytes { get; init; }

    [Description("The event's event_id.")]
    public required Guid EventId { get; init; }

    [Description("Its device.")]
    public required string DeviceId { get; init; }

    [Description("The number of its frame within the device; null when the event does not say.")]
    public required long? Sequence { get; init; }

    [Description("When the edge accepted its frame.")]
    public required DateTimeOffset Timestamp { get; init; }

    [Description("The size of its JSON; on Kafka key and headers add to that.")]
    public required long Bytes { get; init; }

    [Description("Why Kafka rejects it.")]
    public required string Reason { get; init; }

    [Description("When it was set aside.")]
    public required DateTimeOffset SetAsideAt { get; init; }
}

/// <summary>Something that is asked of the outbox's thread, about the events that are set aside.</summary>
internal sealed class SetAsideRequest(Func<OutboxStore, IReadOnlyList<SetAsideEvent>> run)
    : TaskCompletionSource<SetAsideReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public IReadOnlyList<SetAsideEvent> Run(OutboxStore store) => run(store);
}

/// <param name="Events">Those that were asked for.</param>
/// <param name="Problem">Why there is no answer; null when there is.</param>
internal readonly record struct SetAsideReply(IReadOnlyList<SetAsideEvent> Events, string? Problem = null);
