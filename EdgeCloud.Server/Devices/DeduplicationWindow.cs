namespace EdgeCloud.Server.Devices;

/// <summary>Remembers the newest event ids, so that an event delivered twice counts once. Kafka delivers at least once, and so does the edge.</summary>
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
