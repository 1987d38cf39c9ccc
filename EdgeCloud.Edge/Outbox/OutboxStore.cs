using EdgeCloud.Contract;
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
    private readonly HashSet<string> _reasonsLogged = [];
    private volatile Contents _contents = new(0, 0, null, new SetAside(0, new Dictionary<string, long>()));
    private OutboxFile _file = null!;
    private OutboxClock _clock = null!;
    private long _lastId;
    private long _dropsToLog;
    private long? _dropsLoggedAt;

    public OutboxStore(
        IOptions<OutboxOptions> options, TimeProvider time, OutboxMetrics metrics, ILogger<OutboxStore> logger)
    {
        (_options, _time, _metrics, _logger) = (options.Value, time, metrics, logger);
        metrics.Observe(() => Events, () => SetAside.Events, () => Bytes, () => OldestAge.TotalSeconds);
    }

    /// <param name="Events">Those that wait.</param>
    /// <param name="Bytes">Of those that wait.</param>
    /// <param name="Oldest">When the oldest that waits was stored; null when there is none.</param>
    private sealed record Contents(long Events, long Bytes, DateTimeOffset? Oldest, SetAside SetAside);

    public string Path => _options.OutboxPath;

    public long MaxBytes => _options.OutboxMaxBytes;

    /// <summary>Without those that are set aside.</summary>
    public long Events => _contents.Events;

    public SetAside SetAside => _contents.SetAside;

    /// <summary>Of all events, by <see cref="OutboxEvent.Bytes"/>; what the bound is for.</summary>
    public long Bytes
    {
        get
        {
            var contents = _contents;
            return contents.Bytes + contents.SetAside.Bytes;
        }
    }

    /// <summary>
    /// When the file was opened: the newest event of each presence that had not ended. Whoever ends them says so.
    /// </summary>
    public IReadOnlyList<byte[]> OpenPresences { get; private set; } = [];

    /// <summary>The id of the newest event.</summary>
    public long LastId => _lastId;

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
        OpenPresences = _file.ReadOpenPresences();
        _clock = new OutboxClock(_time, notBefore: found.NewestStoredAt);
        _contents = new Contents(found.Events, found.Bytes, _file.OldestStoredAt(), _file.MeasureSetAside());
        if (found.Events > 0)
            Log.Found(_logger, Path, found.Events);
        if (SetAside is { Events: > 0 } aside)
            Log.FoundSetAside(_logger, Path, aside.Events, aside.Reasons);
        _reasonsLogged.UnionWith(SetAside.ByReason.Keys);
    }

    /// <summary>
    /// How many bytes of events may still come. A full outbox drops its oldest events, so that it is without a bound,
    /// but never because of those that Kafka rejects: while some are set aside, what does not fit does not come in.
    /// </summary>
    /// <param name="leaving">Those that are about to leave, or to be set aside.</param>
    public long Room(List<DeliveryOutcome> leaving)
    {
        if (SetAside.Events == 0 && !leaving.Exists(static outcome => outcome.Rejection is not null))
            return long.MaxValue;
        return _options.OutboxMaxBytes - Bytes
            + leaving.Where(static outcome => outcome.Rejection is null).Sum(static sent => sent.Stored.Event.Bytes);
    }

    /// <summary>
    /// In one transaction: takes events in, lets others go or sets them aside, and drops the oldest of those behind
    /// <paramref name="cursor"/> until the bounds are kept.
    /// </summary>
    /// <returns>The events taken in, unless some of them had to be dropped at once.</returns>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk is full or fails. Nothing
    /// has changed.</exception>
    public IReadOnlyList<StoredEvent> Commit(List<Arrival> arrivals, List<DeliveryOutcome> leaving, long cursor)
    {
        var events = _contents.Events + arrivals.Count - leaving.Count;
        var bytes = _contents.Bytes
            + arrivals.Sum(static arrival => arrival.Event.Bytes)
            - leaving.Sum(static outcome => outcome.Stored.Event.Bytes);
        var aside = leaving.Aggregate(_contents.SetAside, static (aside, outcome) => outcome.Rejection is { } rejection
            ? aside.With(rejection.Reason, 1, outcome.Stored.Event.Bytes)
            : aside);
        var taken = new StoredEvent[arrivals.Count];
        var dropped = new List<(StoredEvent Stored, string Reason)>();
        DateTimeOffset? oldest;
        try
        {
            _file.Begin();
            foreach (var (stored, _, rejection) in leaving)
            {
                if (rejection is null)
                    _file.Remove(stored.Id);
                else
                    _file.SetAside(stored.Id, _clock.Now, rejection.Reason, SequenceOf(stored.Event));
            }

            for (var i = 0; i < taken.Length; i++)
                _file.Append(taken[i] = new StoredEvent(++_lastId, _clock.Now, arrivals[i].Event));
            var excessBytes = aside.Events == 0 ? bytes - _options.OutboxMaxBytes : 0;
            if (excessBytes > 0 || HasExpired)
                Drop(cursor, excessBytes, dropped);
            oldest = _file.OldestStoredAt();
            _file.Commit();
        }
        catch
        {
            _file.Rollback();
            throw;
        }

        _metrics.Committed();
        foreach (var outcome in leaving)
        {
            if (outcome.Rejection is { } rejection)
                LogSetAside(outcome.Stored.Event, rejection);
        }

        _contents = new Contents(
            events - dropped.Count, bytes - dropped.Sum(drop => drop.Stored.Event.Bytes), oldest, aside);
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

    /// <summary>The events set aside behind <paramref name="after"/>, in the order of their ids.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk fails.</exception>
    public IReadOnlyList<SetAsideEvent> ReadSetAside(long after, int limit) => _file.ReadSetAside(after, limit);

    /// <inheritdoc cref="ReadSetAside(long, int)"/>
    public IReadOnlyList<SetAsideEvent> ReadSetAside(IEnumerable<Guid> eventIds) =>
        [.. eventIds.SelectMany(id => _file.ReadSetAside(id))];

    /// <summary>In one transaction: lets events that are set aside wait again, as if they were stored now.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk is full or fails. Nothing
    /// has changed.</exception>
    public void Return(IReadOnlyList<SetAsideEvent> returning)
    {
        if (returning.Count == 0)
            return;
        DateTimeOffset? oldest;
        try
        {
            _file.Begin();
            foreach (var one in returning)
                _file.Return(one.Id, ++_lastId, _clock.Now);
            oldest = _file.OldestStoredAt();
            _file.Commit();
        }
        catch
        {
            _file.Rollback();
            throw;
        }

        _metrics.Committed();
        var contents = _contents;
        var aside = returning.Aggregate(
            contents.SetAside, static (aside, one) => aside.With(one.Reason, -1, -one.StoredBytes));
        _contents = new Contents(
            contents.Events + returning.Count, contents.Bytes + returning.Sum(static one => one.StoredBytes), oldest,
            aside);

        // Whoever has them sent again wants to know what becomes of them.
        _reasonsLogged.ExceptWith(returning.Select(static one => one.Reason));
        Log.Returned(_logger, returning.Count);
    }

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

    /// <summary>Once for each reason; all the others only at level Debug.</summary>
    private void LogSetAside(OutboxEvent rejected, Rejection rejection)
    {
        _metrics.Rejected(rejection.Kind);
        if (_reasonsLogged.Add(rejection.Reason))
            Log.FirstSetAside(_logger, rejected.EventId, rejected.DeviceId, rejection.Reason);
        else
            Log.SetAside(_logger, rejected.EventId, rejected.DeviceId, rejection.Reason);
    }

    private static long? SequenceOf(OutboxEvent stored) =>
        DetectionEventJson.TrySummarize(stored.Json, out var summary, out _) ? summary.Frame?.Sequence : null;

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

        /// <remarks>4 is <see cref="OutboxOpening"/>'s.</remarks>
        [LoggerMessage(
            5, LogLevel.Error,
            "Kafka rejects the event {EventId} of {DeviceId}, and the outbox sets it aside, and others for the same "
            + "reason: {Reason}. `edgecloud outbox list` shows them, `edgecloud outbox retry` sends them again")]
        public static partial void FirstSetAside(ILogger logger, Guid eventId, string deviceId, string reason);

        [LoggerMessage(6, LogLevel.Debug, "The event {EventId} of {DeviceId} is set aside: {Reason}")]
        public static partial void SetAside(ILogger logger, Guid eventId, string deviceId, string reason);

        [LoggerMessage(7, LogLevel.Information, "{Events} events that were set aside are sent again")]
        public static partial void Returned(ILogger logger, int events);

        [LoggerMessage(
            8, LogLevel.Warning,
            "In the outbox {Path} {Events} events are set aside, since Kafka rejects them: {Reasons}")]
        public static partial void FoundSetAside(ILogger logger, string path, long events, string reasons);
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
