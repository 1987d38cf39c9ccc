using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// The events in the outbox file and the bounds they are kept within. Used by the outbox's thread alone, but for the
/// properties.
/// </summary>
internal sealed partial class OutboxStore
{
    private static readonly TimeSpan DropLogInterval = TimeSpan.FromMinutes(1);

    private readonly OutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly OutboxMetrics _metrics;
    private readonly ILogger _logger;
    private volatile Contents _contents = new(0, 0, null);
    private OutboxFile _file = null!;
    private OutboxClock _clock = null!;
    private long _lastId;
    private long _dropsToLog;
    private long? _dropsLoggedAt;

    public OutboxStore(
        IOptions<OutboxOptions> options, TimeProvider time, OutboxMetrics metrics, ILogger<OutboxStore> logger)
    {
        (_options, _time, _metrics, _logger) = (options.Value, time, metrics, logger);
        metrics.Observe(() => Events, () => Bytes, () => OldestAge.TotalSeconds);
    }

    /// <param name="Oldest">When the oldest was stored; null when there is none.</param>
    private sealed record Contents(long Events, long Bytes, DateTimeOffset? Oldest);

    public string Path => _options.OutboxPath;

    public long MaxBytes => _options.OutboxMaxBytes;

    public long Events => _contents.Events;

    /// <summary>Of the events, by <see cref="OutboxEvent.Bytes"/>.</summary>
    public long Bytes => _contents.Bytes;

    public TimeSpan OldestAge => _contents.Oldest is { } oldest ? _clock.Now - oldest : TimeSpan.Zero;

    /// <summary>How long ago the event was stored.</summary>
    public TimeSpan AgeOf(StoredEvent stored) => _clock.Now - stored.StoredAt;

    public bool HasExpired => OldestAge > _options.OutboxMaxAge;

    public bool HasDropsToLog => _dropsToLog > 0;

    /// <exception cref="OutboxException">The file is in use, cannot be written, or belongs to a
    /// later version.</exception>
    public void Open()
    {
        _file = OutboxOpening.Open(_options, _time.GetUtcNow(), _logger);
        var found = _file.Measure();
        _lastId = found.LastId;
        _clock = new OutboxClock(_time, notBefore: found.NewestStoredAt);
        _contents = new Contents(found.Events, found.Bytes, _file.OldestStoredAt());
        if (found.Events > 0)
            Log.Found(_logger, Path, found.Events);
    }

    /// <summary>
    /// In one transaction: takes events in, lets others go, and drops the oldest of those behind
    /// <paramref name="cursor"/> until the bounds are kept.
    /// </summary>
    /// <returns>The events taken in, unless some of them had to be dropped at once.</returns>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk is full or fails. Nothing
    /// has changed.</exception>
    public IReadOnlyList<StoredEvent> Commit(List<Arrival> arrivals, List<StoredEvent> leaving, long cursor)
    {
        var events = _contents.Events + arrivals.Count - leaving.Count;
        var bytes = _contents.Bytes
            + arrivals.Sum(static arrival => arrival.Event.Bytes) - leaving.Sum(static stored => stored.Event.Bytes);
        var taken = new StoredEvent[arrivals.Count];
        var dropped = new List<(StoredEvent Stored, string Reason)>();
        DateTimeOffset? oldest;
        try
        {
            _file.Begin();
            foreach (var stored in leaving)
                _file.Remove(stored.Id);
            for (var i = 0; i < taken.Length; i++)
                _file.Append(taken[i] = new StoredEvent(++_lastId, _clock.Now, arrivals[i].Event));
            if (bytes > _options.OutboxMaxBytes || HasExpired)
                Drop(cursor, bytes - _options.OutboxMaxBytes, dropped);
            oldest = _file.OldestStoredAt();
            _file.Commit();
        }
        catch
        {
            _file.Rollback();
            throw;
        }

        _metrics.Committed();
        _contents = new Contents(events - dropped.Count, bytes - dropped.Sum(drop => drop.Stored.Event.Bytes), oldest);
        foreach (var (stored, reason) in dropped)
        {
            _metrics.Dropped(reason);
            Log.Dropped(_logger, stored.Event.EventId, stored.Event.DeviceId, reason);
        }

        _dropsToLog += dropped.Count;
        return dropped.Exists(drop => taken.Length > 0 && drop.Stored.Id >= taken[0].Id) ? [] : taken;
    }

    /// <summary>The oldest events behind <paramref name="cursor"/>, oldest first.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk fails.</exception>
    public IReadOnlyList<StoredEvent> ReadAfter(long cursor, int limit) => [.. _file.ReadAfter(cursor, limit)];

    /// <summary>Says how many events were dropped, once a minute at most.</summary>
    public void LogDrops()
    {
        if (_dropsToLog == 0 || (_dropsLoggedAt is { } before && _time.GetElapsedTime(before) < DropLogInterval))
            return;
        Log.DroppedInAll(_logger, Path, _dropsToLog, _options.OutboxMaxBytes, _options.OutboxMaxAge);
        _dropsToLog = 0;
        _dropsLoggedAt = _time.GetTimestamp();
    }

    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk is full or fails.</exception>
    public void Checkpoint() => _file.Checkpoint();

    public void Close() => _file.Dispose();

    private void Drop(long cursor, long excessBytes, List<(StoredEvent Stored, string Reason)> dropped)
    {
        var bornBefore = _clock.Now - _options.OutboxMaxAge;
        foreach (var stored in _file.ReadAfter(cursor, int.MaxValue))
        {
            var isTooOld = stored.StoredAt < bornBefore;
            if (!isTooOld && excessBytes <= 0)
                break;
            excessBytes -= stored.Event.Bytes;
            dropped.Add((stored, isTooOld ? "age" : "size"));
        }

        if (dropped.Count > 0)
            _file.RemoveRange(cursor, dropped[^1].Stored.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information, "The outbox {Path} holds {Events} events of an earlier run, which are sent first")]
        public static partial void Found(ILogger logger, string path, long events);

        [LoggerMessage(2, LogLevel.Debug, "The event {EventId} of {DeviceId} is dropped: {Reason}")]
        public static partial void Dropped(ILogger logger, Guid eventId, string deviceId, string reason);

        [LoggerMessage(
            3, LogLevel.Warning,
            "The outbox {Path} dropped {Events} events, the oldest, to keep within {MaxBytes} bytes and {MaxAge}")]
        public static partial void DroppedInAll(
            ILogger logger, string path, long events, long maxBytes, TimeSpan maxAge);
    }
}

/// <summary>
/// The time of day when it was made, going on evenly from there: setting the system's clock makes no
/// event older or younger.
/// </summary>
/// <param name="notBefore">The newest time that this clock gave in an earlier run.</param>
internal sealed class OutboxClock(TimeProvider time, DateTimeOffset notBefore)
{
    private readonly long _startedAt = time.GetTimestamp();
    private readonly DateTimeOffset _start = time.GetUtcNow() > notBefore ? time.GetUtcNow() : notBefore;

    public DateTimeOffset Now => _start + time.GetElapsedTime(_startedAt);
}
