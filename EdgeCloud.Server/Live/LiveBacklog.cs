namespace EdgeCloud.Server.Live;

/// <summary>What waits for one live page. Bounded in number and in bytes: when it is full the oldest goes, and is counted. Thread-safe.</summary>
internal sealed class LiveBacklog(int maxEvents, int maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Queue<LiveEvent> _waiting = [];
    private int _bytes;
    private int _missed;

    public void Add(LiveEvent live)
    {
        lock (_lock)
        {
            _waiting.Enqueue(live);
            _bytes += live.Json.Length;
            while (_waiting.Count > maxEvents || _bytes > maxBytes)
            {
                _bytes -= _waiting.Dequeue().Json.Length;
                _missed++;
            }
        }
    }

    /// <returns>All that waits, the oldest first, and how many went since the last time.</returns>
    public (LiveEvent[] Events, int Missed) Take()
    {
        lock (_lock)
        {
            var taken = (_waiting.ToArray(), _missed);
            _waiting.Clear();
            (_bytes, _missed) = (0, 0);
            return taken;
        }
    }
}
