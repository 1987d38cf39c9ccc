using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Server.Devices;

/// <summary>One device: totals since the beginning of the retained topic, and a ring of its newest events.</summary>
internal sealed class Device(string id, int capacity)
{
    private readonly Queue<StoredEvent> _recent = [];

    public string Id => id;
    public long Events { get; private set; }
    public long Persons { get; private set; }
    public DateTimeOffset FirstSeen { get; private set; } = DateTimeOffset.MaxValue;
    public DateTimeOffset LastSeen { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The event with the latest timestamp, which need not be the last to arrive.</summary>
    public DetectionEvent? Newest { get; private set; }

    public IEnumerable<StoredEvent> Recent => _recent;

    public void Add(StoredEvent stored)
    {
        Events++;
        Persons += stored.Event.PersonsDetected;
        if (_recent.Count == capacity)
            _recent.Dequeue();
        _recent.Enqueue(stored);

        if (stored.Event.Timestamp < FirstSeen)
            FirstSeen = stored.Event.Timestamp;
        if (stored.Event.Timestamp >= LastSeen)
        {
            LastSeen = stored.Event.Timestamp;
            Newest = stored.Event;
        }
    }
}
