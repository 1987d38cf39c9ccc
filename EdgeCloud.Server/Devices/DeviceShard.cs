using EdgeCloud.Contract;

namespace EdgeCloud.Server.Devices;

/// <summary>
/// What one partition amounts to, from its beginning up to where it has been read. It depends on nothing else, so whoever reads the same partition knows the
/// same. Not thread-safe: <see cref="DeviceRegistry"/> guards it.
/// </summary>
internal sealed class DeviceShard(DeviceOptions options)
{
    private readonly Dictionary<string, Device> _devices = [];
    private readonly DeduplicationWindow _seen = new(options.DeduplicationWindow);

    /// <summary>The latest date believed so far. Events lie in the order in which Kafka took them, so whatever follows came after it.</summary>
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

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

    /// <summary>Drops the devices not heard of for too long. The totals stay.</summary>
    public void ForgetSilent(DateTimeOffset now)
    {
        foreach (var (id, device) in _devices)
        {
            if (now - device.LastHeard > options.ForgetAfter)
                _devices.Remove(id);
        }
    }

    /// <summary>
    /// An event happened before it came, whatever the clock of its device said. Where nobody noted when it came, a date still ahead of us is worth nothing: it
    /// came at some time after the event before it.
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
        // After so long a silence it would have been forgotten, had somebody looked.
        if (_devices.TryGetValue(deviceId, out var device) && heard - device.LastHeard <= options.ForgetAfter)
            return device;
        return _devices[deviceId] = new Device(deviceId, options);
    }
}
