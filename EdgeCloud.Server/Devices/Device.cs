using EdgeCloud.Contract;

namespace EdgeCloud.Server.Devices;

/// <summary>One device: totals since the beginning of the retained topic, and a ring of its newest events.</summary>
internal sealed class Device(string id, DeviceOptions options)
{
    /// <summary>
    /// Twice what 500 of the largest ordinary events have, one face and one pose with world landmarks each.
    /// </summary>
    private const long MaxRecentBytes = 3 * 1024 * 1024;

    private readonly Queue<StoredEvent> _recent = [];
    private long _recentBytes;

    public string Id => id;
    public long Events { get; private set; }
    public long Persons { get; private set; }
    public DateTimeOffset FirstSeen { get; private set; } = DateTimeOffset.MaxValue;
    public DateTimeOffset LastSeen { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When its latest event came, which may be long after it happened; when that is not known, when it
    /// happened.</summary>
    public DateTimeOffset LastHeard { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The event that happened last, which need not be the last to arrive.</summary>
    public EventSummary Newest { get; private set; }

    public IEnumerable<StoredEvent> Recent => _recent;

    /// <summary>Whether it has not been heard of for so long that it is forgotten.</summary>
    public bool IsSilent(DateTimeOffset now) => now - LastHeard > options.ForgetAfter;

    public void Add(in EventSummary summary, in StoredEvent stored, DateTimeOffset heard)
    {
        Events++;
        Persons += summary.PersonsDetected;
        _recent.Enqueue(stored);
        _recentBytes += stored.Json.Length;
        while (_recent.Count > options.EventsPerDevice || _recentBytes > MaxRecentBytes)
            _recentBytes -= _recent.Dequeue().Json.Length;

        if (heard > LastHeard)
            LastHeard = heard;
        if (stored.Time < FirstSeen)
            FirstSeen = stored.Time;
        if (stored.Time >= LastSeen)
        {
            LastSeen = stored.Time;
            Newest = summary;
        }
    }
}

/// <summary>An event's JSON exactly as it came, members this version does not know included.</summary>
/// <param name="Time">When it happened, as far as its date can be believed: never later than it came.</param>
/// <param name="Arrival">Counts accepted events; orders those of one instant.</param>
internal readonly record struct StoredEvent(DateTimeOffset Time, long Arrival, byte[] Json);
