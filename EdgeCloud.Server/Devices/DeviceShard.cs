using EdgeCloud.Contract;

namespace EdgeCloud.Server.Devices;

/// <summary>
/// What one partition amounts to, from its beginning up to where it has been read. It depends on nothing else, so
/// whoever reads the same partition knows the same. Not thread-safe: <see cref="DeviceRegistry"/> guards it.
/// </summary>
internal sealed class DeviceShard(DeviceOptions options)
{
    /// <summary>Devices silent for too long, which nobody is shown, stay in memory for that much longer.</summary>
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Device> _devices = [];
    private readonly DeduplicationWindow _seen = new(options.DeduplicationWindow);

    /// <summary>The latest date believed so far. Events lie in the order in which Kafka took them, so whatever follows
    /// came after it.</summary>
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    private DateTimeOffset _forgotAt = DateTimeOffset.MinValue;

    public long Events { get; private set; }
    public long Duplicates { get; private set; }
    public long DeadLetters { get; private set; }
    public long Persons { get; private set; }

    public PersonsByMinute PersonsByMinute { get; } = new();

    public IReadOnlyDictionary<string, Device> Devices => _devices;

    /// <param name="summary">The event.</param>
    /// <param name="json">Its JSON, kept as it is.</param>
    /// <param name="now">The time.</param>
    /// <param name="arrived">When Kafka took the event; null when that is not known.</param>
    /// <returns>False for an event that was counted before.</returns>
    public bool Add(in EventSummary summary, byte[] json, DateTimeOffset now, DateTimeOffset? arrived)
    {
        if (summary.EventId is { } eventId && !_seen.TryAdd(eventId))
        {
            Duplicates++;
            return false;
        }

        Events++;
        Persons += summary.PersonsDetected;
        var time = Believe(summary.Timestamp, now, arrived);
        PersonsByMinute.Add(time, summary.PersonsDetected);
        var heard = arrived ?? time;
        Find(summary.DeviceId, heard).Add(summary, new StoredEvent(time, Events, json), heard);
        return true;
    }

    public void AddDeadLetter() => DeadLetters++;

    public void Forget(string deviceId) => _devices.Remove(deviceId);

    /// <summary>
    /// Drops the devices not heard of for too long; the totals stay. Only for a partition that has been read to its
    /// end: what is still to be read may be of any device, from when it was not silent yet.
    /// </summary>
    public void ForgetSilent(DateTimeOffset now)
    {
        if (now - _forgotAt < ForgetInterval)
            return;
        _forgotAt = now;
        foreach (var (id, device) in _devices)
        {
            if (device.IsSilent(now))
                _devices.Remove(id);
        }
    }

    /// <summary>
    /// An event happened before it came, whatever the clock of its device said. Where nobody noted when it came, a date
    /// still ahead of us is worth nothing: it came at some time after the event before it.
    /// </summary>
    private DateTimeOffset Believe(DateTimeOffset timestamp, DateTimeOffset now, DateTimeOffset? arrived)
    {
        var atMost = arrived < now ? arrived.Value : now;
        var time = timestamp <= atMost ? timestamp : arrived is null ? _latest : atMost;
        if (time > _latest)
            _latest = time;
        return time;
    }

    private Device Find(string deviceId, DateTimeOffset heard)
    {
        // After so long a silence it begins anew, whether it is dropped already or not.
        if (_devices.TryGetValue(deviceId, out var device) && !device.IsSilent(heard))
            return device;
        return _devices[deviceId] = new Device(deviceId, options);
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
