using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// The partitions this instance has, how far each has been read, and how far it is counted in the store, in offsets.
/// Ready while each has reached its end once: until then the totals are those of a moment of the past, which is worse
/// than no answer, since nobody can tell; and while one instance reads up, the others answer.
/// </summary>
internal sealed class IngestProgress(TimeProvider time) : IHealthCheck
{
    private readonly Lock _lock = new();
    private Dictionary<int, Partition> _partitions = [];

    /// <summary>The log that the positions belong to, and the one that the topic's name stands for by now; null until
    /// Kafka has said so, which a broker without ids never does.</summary>
    private string? _log, _currentLog;

    /// <summary>Whether a position is void, or the client is no longer assigned what it has to read on.</summary>
    private volatile bool _mustReassign;
    private bool _isMember;
    private bool _mustStore;
    private volatile bool _caughtUp;
    private volatile bool _isWaitingForTopic;
    private volatile bool _isWaitingForStore;
    private long _startedAt;
    private long _positionAtStart;

    public bool CaughtUp => _caughtUp;

    /// <summary>Whether <see cref="TryReassign"/> has something to do.</summary>
    public bool MustReassign => _mustReassign;

    /// <summary>There is no topic yet, and so nothing to catch up with.</summary>
    public void WaitForTopic() => _isWaitingForTopic = true;

    /// <summary>The store is away, and with it what the partitions begin with.</summary>
    public void WaitForStore() => _isWaitingForStore = true;

    /// <param name="assigned">The partitions now ours.</param>
    /// <param name="window">How many messages before its position say which events of a partition are known.</param>
    /// <param name="anew">Whether to forget what was read of them and is not in the store.</param>
    /// <returns>Where to begin: one we had before, and nobody else since, where we left it; another so far before its
    /// position that the known events are read again, and without one from its beginning.</returns>
    public Dictionary<int, Beginning> Assign(
        IReadOnlyList<AssignedPartition> assigned, int window = 0, bool anew = false)
    {
        lock (_lock)
        {
            var before = anew ? [] : _partitions;
            _partitions = [];
            var beginnings = new Dictionary<int, Beginning>();
            foreach (var one in assigned)
            {
                var isKnown = before.TryGetValue(one.Partition, out var known) && known.Stored == one.Stored;
                if (!isKnown)
                    known = Begin(one, window);
                known!.Committed = one.Committed ?? known.Committed;
                known.GroupOffset = null;
                known.End = one.High ?? known.End;
                VoidIfBehind(known, known.End);
                _partitions[one.Partition] = known;
                beginnings[one.Partition] = new(
                    isKnown || known.Counted > 0 ? known.Next : Offset.Beginning, isKnown);
            }

            (_isMember, _mustStore) = (true, true);
            _isWaitingForTopic = _isWaitingForStore = false;
            _startedAt = time.GetTimestamp();
            _positionAtStart = _partitions.Values.Sum(partition => partition.Position);
            _caughtUp = _partitions.Values.All(partition => !partition.IsBehind);
            return beginnings;
        }
    }

    private Partition Begin(AssignedPartition one, int window)
    {
        var low = one.Low ?? 0;
        var begin = one.Stored is { } stored ? Math.Max(low, stored.Next - window) : low;
        var log = _currentLog ?? _log;
        _log ??= log = _currentLog ?? (one.Stored is { Log: not "" } known ? known.Log : null);
        var isOther = one.Stored is { Log: not "" } position && log is not null && position.Log != log;
        _mustReassign |= isOther;
        return new Partition
        {
            Begin = begin,
            Next = begin,
            Stored = one.Stored,
            Counted = one.Stored?.Next ?? 0,
            IsVoid = isOther,
            IsOtherLog = isOther,
            ProcessedAt = time.GetUtcNow(),
        };
    }

    /// <summary>The log that messages are read of; empty where Kafka does not say.</summary>
    public string Log
    {
        get
        {
            lock (_lock)
                return _log ?? "";
        }
    }

    /// <returns>What is stored for a partition that this instance has; null when there is nothing.</returns>
    public Position? Stored(int partition)
    {
        lock (_lock)
            return _partitions.GetValueOrDefault(partition)?.Stored;
    }

    /// <summary>A position has been stored, and all before it is counted.</summary>
    public void NoteStored(int partition, Position position)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var known))
                return;
            (known.Stored, known.Counted) = (position, position.Next);
            _mustStore = true;
        }
    }

    /// <returns>What the group is to be told has been finished with, each once.</returns>
    public IReadOnlyList<KeyValuePair<int, long>> TakeOffsets()
    {
        if (!_mustStore)
            return [];
        lock (_lock)
        {
            _mustStore = false;
            if (!_isMember)
                return [];
            List<KeyValuePair<int, long>> offsets = [];
            foreach (var (number, known) in _partitions)
            {
                if (known.IsVoid || known.Counted <= (known.GroupOffset ?? known.Committed ?? 0))
                    continue;
                known.GroupOffset = known.Counted;
                offsets.Add(new(number, known.Counted));
            }

            return offsets;
        }
    }

    /// <summary>Has no partitions from now on, and has nobody asked for their ends.</summary>
    public void Release()
    {
        lock (_lock)
            _partitions = [];
    }

    /// <summary>Notes which log the topic's name stands for; positions in another are void.</summary>
    /// <param name="log">The topic's id. A topic that is made anew is given another.</param>
    public void NoteLog(string log)
    {
        lock (_lock)
        {
            _currentLog = log;
            _log ??= log;
            _mustReassign |= log != _log || _partitions.Values.Any(partition => partition.IsVoid);
            if (_mustReassign)
                return;
            foreach (var partition in _partitions.Values)
                partition.Handled.Confirm();
        }
    }

    /// <summary>
    /// The group regards this instance as gone until it is assigned partitions again; those it has are read on, and
    /// nothing is stored.
    /// </summary>
    public void LoseMembership()
    {
        lock (_lock)
            (_isMember, _mustReassign) = (false, true);
    }

    /// <summary>Begins the partitions anew in which the position is void.</summary>
    /// <returns>Null when all are read as they should be, which is asked before each message.</returns>
    public Reassignment? TryReassign()
    {
        if (!_mustReassign)
            return null;
        lock (_lock)
        {
            var isAnother = _log != _currentLog;
            int[] restarted = [.. _partitions.Where(each => isAnother || each.Value.IsVoid).Select(each => each.Key)];
            foreach (var number in restarted)
                _partitions[number].Restart(isNewLog: isAnother || _log is null || _partitions[number].IsOtherLog);
            (_log, _mustReassign) = (_currentLog, false);
            _caughtUp &= restarted.Length == 0;
            return new Reassignment(
                restarted.ToDictionary(number => number, number => new Offset(_partitions[number].Committed ?? 0)),
                _partitions.ToDictionary(
                    each => each.Key,
                    each => restarted.Contains(each.Key) ? Offset.Beginning : new Offset(each.Value.Next)),
                _isMember);
        }
    }

    /// <summary>Where a message lies.</summary>
    public Place Locate(ConsumeResult<byte[], byte[]> message)
    {
        lock (_lock)
        {
            var known = _partitions[message.Partition];

            // A broker without ids: another log than that in which the position is.
            if (_log is null && message.Offset == known.Counted - 1
                && known.Stored is { } stored && stored.WrittenAt != message.Message.Timestamp.UnixTimestampMs)
                known.IsVoid = _mustReassign = true;
            var isThrownBack = message.Offset < known.Next;
            var isBeforePosition = message.Offset < known.Counted;
            return new Place(
                IsReplay: message.Offset < known.Committed,
                isBeforePosition,
                IsCounted: isBeforePosition || known.Handled.Contains(message),
                IsBehind: known.IsBehind || isThrownBack,
                isThrownBack);
        }
    }

    /// <summary>The client lost its place in a partition and reads it again from here, behind until its end.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="begin">The offset it goes on with.</param>
    /// <param name="end">The offset its next message will get; null when that is not known.</param>
    /// <returns>False when the position is void: then the partition is restarted.</returns>
    public bool ThrowBack(int partition, long begin, long? end)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            if (VoidIfBehind(known, end))
                return false;
            known.Begin = known.Next = begin;
            known.IsBehind = true;
            _caughtUp = false;
            return true;
        }
    }

    /// <summary>A message has been processed.</summary>
    /// <param name="message">Its timestamp is not believed to be later than now.</param>
    /// <param name="isCounted">What <see cref="Locate"/> said.</param>
    public void Processed(ConsumeResult<byte[], byte[]> message, bool isCounted)
    {
        lock (_lock)
        {
            var known = _partitions[message.Partition];
            known.Next = message.Offset + 1;
            if (!isCounted && _log is not null)
                known.Handled.Add(message);
            var written = message.Message.Timestamp;
            if (written.Type == TimestampType.NotAvailable)
                return;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            known.ProcessedAt = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(written.UnixTimestampMs, 0, now));
        }
    }

    /// <param name="partition">The partition.</param>
    /// <param name="end">Its end, which lies behind the last message where something else takes offsets or the rest is
    /// no longer retained.</param>
    /// <returns>True when this was the last partition to reach its end.</returns>
    public bool ReachedEnd(int partition, long end)
    {
        lock (_lock)
        {
            var known = _partitions[partition];
            if (VoidIfBehind(known, end))
                return false;
            known.IsBehind = false;
            known.Next = Math.Max(known.Next, end);
            known.AtEndAt = time.GetUtcNow();
            return !_caughtUp && (_caughtUp = _partitions.Values.All(each => !each.IsBehind));
        }
    }

    /// <summary>Notes which partitions have nothing waiting; what comes to them comes later.</summary>
    /// <param name="endOf">Says without waiting where a partition ends; null when that is not known.</param>
    public void NoteEnds(Func<int, long?> endOf)
    {
        lock (_lock)
        {
            foreach (var (number, partition) in _partitions)
            {
                if (partition.Messages(endOf(number)) == 0)
                    partition.AtEndAt = time.GetUtcNow();
            }
        }
    }

    /// <inheritdoc cref="NoteEnds" path="/param"/>
    public IReadOnlyList<PartitionLag> Lags(Func<int, long?> endOf)
    {
        lock (_lock)
            return [.. _partitions.Select(each => each.Value.Lag(each.Key, endOf(each.Key), time.GetUtcNow()))];
    }

    /// <returns>False when there is nothing to catch up with, or it is not known yet what.</returns>
    public bool TryGetReplay([NotNullWhen(true)] out ReplayProgress? replay)
    {
        lock (_lock)
        {
            replay = null;
            if (_caughtUp || _partitions.Count == 0)
                return false;
            var position = _partitions.Values.Sum(partition => partition.Position);
            var total = _partitions.Values.Sum(partition => partition.Total);
            var seconds = Math.Max(time.GetElapsedTime(_startedAt).TotalSeconds, double.Epsilon);
            var rate = (position - _positionAtStart) / seconds;
            replay = new ReplayProgress(position, total, rate, rate > 0 ? (total - position) / rate : null);
            return true;
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        CaughtUp ? HealthCheckResult.Healthy()
        : _isWaitingForStore ? HealthCheckResult.Degraded("The history is waited for.")
        : _isWaitingForTopic ? HealthCheckResult.Healthy("The topic does not exist yet.")
        : TryGetReplay(out var replay) ? HealthCheckResult.Unhealthy(
            $"{replay.Position} of {replay.Total} messages that Kafka retains have been read.")
        : HealthCheckResult.Unhealthy("Kafka has not assigned any partitions yet."));

    /// <summary>
    /// What the group has finished with cannot lie behind the end of the log: that is another log, or it lost messages,
    /// as its id will tell.
    /// </summary>
    /// <returns>Whether the position is known to be void.</returns>
    private bool VoidIfBehind(Partition partition, long? end)
    {
        if (end < Math.Max(partition.Committed ?? 0, partition.Counted))
        {
            (partition.End, partition.IsVoid) = (end, true);
            _mustReassign |= _log is null;
        }

        return _mustReassign;
    }

    private sealed class Partition
    {
        public readonly HandledMessages Handled = new();

        public long Begin;

        /// <summary>The offset that comes next; everything before it is in the state.</summary>
        public long Next;

        /// <summary>Where the group and the partition's end were when it was assigned, as far as that is
        /// known.</summary>
        public long? Committed, End;

        /// <summary>Whether the end is still to be reached for the first time.</summary>
        public bool IsBehind = true;

        /// <summary>Whether the position says nothing of the log there is.</summary>
        public bool IsVoid;

        /// <summary>Whether the position is known to be in another log than the one there is.</summary>
        public bool IsOtherLog;

        /// <summary>The position that the store has.</summary>
        public Position? Stored;

        /// <summary>All before it is counted.</summary>
        public long Counted;

        /// <summary>What the client is to commit.</summary>
        public long? GroupOffset;

        /// <summary>When the message processed last was written, or else the assignment; when none was
        /// waiting.</summary>
        public DateTimeOffset ProcessedAt, AtEndAt;

        public long Position => Next - Begin;

        public long Total => Math.Max(Position, (End ?? 0) - Begin);

        public long Messages(long? end) => Math.Max(0, (end ?? End ?? 0) - Next);

        /// <param name="isNewLog">Or else the same, which lost its last messages.</param>
        public void Restart(bool isNewLog)
        {
            Committed = isNewLog ? null : End;
            Counted = isNewLog ? 0 : End ?? 0;
            GroupOffset = null;
            (Begin, Next, End, IsBehind, IsVoid, IsOtherLog) = (0, 0, null, true, false, false);
            if (isNewLog)
                Handled.BeginLog();
        }

        /// <summary>
        /// When the oldest message not yet processed came to Kafka is only known once it has been read; it came after
        /// the message that was processed last had been written, and after the end was last reached. So its time is the
        /// most that it can be, and it grows while nothing is processed.
        /// </summary>
        public PartitionLag Lag(int number, long? end, DateTimeOffset now)
        {
            var messages = Messages(end);
            var waiting = now - (AtEndAt > ProcessedAt ? AtEndAt : ProcessedAt);
            return new PartitionLag(number, messages, messages == 0 || waiting < TimeSpan.Zero ? default : waiting);
        }
    }
}

/// <summary>What Kafka says of a partition at its assignment; null for what it did not say in time.</summary>
/// <param name="Committed">Where the group has come to.</param>
/// <param name="Low">The first offset retained.</param>
/// <param name="High">The offset the next message will get.</param>
/// <param name="Stored">Where the store has come to.</param>
internal readonly record struct AssignedPartition(
    int Partition, long? Committed, long? Low, long? High, Position? Stored = null);

/// <param name="IsContinued">What was read and is not in the store yet goes on to count.</param>
internal readonly record struct Beginning(Offset Offset, bool IsContinued);

/// <param name="IsReplay">The group finished with it before: it is news to nobody.</param>
/// <param name="IsBeforePosition">It lies before the stored position.</param>
/// <param name="IsCounted">It is counted: because of that, or as a message of a log that was not known yet.</param>
/// <param name="IsBehind">Its partition's end is still to be reached.</param>
/// <param name="IsThrownBack">It lies before what has been read.</param>
internal readonly record struct Place(
    bool IsReplay, bool IsBeforePosition, bool IsCounted, bool IsBehind, bool IsThrownBack);

/// <param name="Restarted">The partitions that begin anew, and what the group has finished with there.</param>
/// <param name="Offsets">Where to go on in each partition that this instance has.</param>
/// <param name="MayStore">Whether the group takes offsets from this instance.</param>
internal sealed record Reassignment(
    IReadOnlyDictionary<int, Offset> Restarted, IReadOnlyDictionary<int, Offset> Offsets, bool MayStore);

/// <param name="Messages">The partition's end minus the offset that comes next; after a start that includes what is
/// read again.</param>
/// <param name="Time">How long the oldest message not yet processed has been in Kafka, at most.</param>
internal readonly record struct PartitionLag(int Partition, long Messages, TimeSpan Time);

[Description("How far reading what Kafka retains has come.")]
internal sealed record ReplayProgress(
    [property: Description("Messages read.")]
    long Position,
    [property: Description("Messages there were at the start.")]
    long Total,
    [property: Description("How fast it goes.")]
    double MessagesPerSecond,
    [property: Description("How long it will take; null as long as nothing has been read.")]
    double? SecondsLeft);
