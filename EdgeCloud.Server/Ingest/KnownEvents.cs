namespace EdgeCloud.Server.Ingest;

/// <summary>What has to be known of the events of a partition to count the next. Not thread-safe.</summary>
internal sealed class KnownEvents(int window)
{
    private readonly DeduplicationWindow _seen = new(window);

    /// <summary>The latest date believed so far. Events lie in the order in which Kafka took them, so whatever follows
    /// came after it.</summary>
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    /// <returns>False for an event that is known.</returns>
    public bool TryAdd(Guid? eventId) => eventId is not { } id || _seen.TryAdd(id);

    /// <summary>
    /// An event happened before it came, whatever the clock of its device said. Where nobody noted when it came, a date
    /// still ahead of us is worth nothing: it came at some time after the event before it.
    /// </summary>
    public DateTimeOffset Believe(DateTimeOffset timestamp, DateTimeOffset now, DateTimeOffset? arrived)
    {
        var atMost = arrived < now ? arrived.Value : now;
        var time = timestamp <= atMost ? timestamp : arrived is null ? _latest : atMost;
        if (time > _latest)
            _latest = time;
        return time;
    }
}

/// <summary>
/// Remembers the newest event ids, so that an event delivered twice counts once. Kafka delivers at least once, and so
/// does the edge.
/// </summary>
internal sealed class DeduplicationWindow(int capacity)
{
    private readonly HashSet<Guid> _known = [];
    private readonly Queue<Guid> _oldestFirst = [];

    /// <returns>False when the id is already in the window.</returns>
    public bool TryAdd(Guid eventId)
    {
        if (!_known.Add(eventId))
            return false;
        _oldestFirst.Enqueue(eventId);
        if (_oldestFirst.Count > capacity)
            _known.Remove(_oldestFirst.Dequeue());
        return true;
    }
}
