using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// The partitions this instance has and how far each has been read. Ready while each has reached its end once: until then the totals are those of a moment
/// of the past, which is worse than no answer, since nobody can tell; and while one instance reads up, the others answer.
/// </summary>
internal sealed class IngestProgress(TimeProvider time) : IHealthCheck
{
    private readonly Lock _lock = new();
    private Dictionary<int, PartitionProgress> _partitions = [];
    private volatile bool _caughtUp;
    private long _startedAt;
    private long _positionAtStart;

    public bool CaughtUp => _caughtUp;

    public PartitionProgress this[int partition]
    {
        get
        {
            lock (_lock)
                return _partitions[partition];
        }
    }

    /// <param name="assigned">The partitions now ours.</param>
    /// <returns>Where to begin: a new partition from its beginning, one we had before where we left it, since its events are in the state already.</returns>
    public Dictionary<int, Offset> Assign(IReadOnlyList<AssignedPartition> assigned)
    {
        lock (_lock)
        {
            var before = _partitions;
            _partitions = [];
            var offsets = new Dictionary<int, Offset>();
            foreach (var partition in assigned)
            {
                if (before.TryGetValue(partition.Partition, out var known))
                    known.Update(partition);
                _partitions[partition.Partition] = known ?? new PartitionProgress(partition, time.GetUtcNow());
                offsets[partition.Partition] = known is null ? Offset.Beginning : known.Next;
            }

            _startedAt = time.GetTimestamp();
            _positionAtStart = _partitions.Values.Sum(partition => partition.Position);
            _caughtUp = _partitions.Values.All(partition => !partition.Behind);
            return offsets;
        }
    }

    /// <summary>Begins a partition anew, which is behind again until its end.</summary>
    public void Restart(int partition, long begin)
    {
        lock (_lock)
        {
            _partitions[partition].Restart(begin);
            _caughtUp = false;
        }
    }

    public IReadOnlyList<KeyValuePair<int, PartitionProgress>> Partitions()
    {
        lock (_lock)
            return [.. _partitions];
    }

    /// <param name="partition">The partition.</param>
    /// <param name="end">Its end, which lies behind the last message where something else takes offsets or the rest is no longer retained.</param>
    /// <returns>True when this was the last partition to reach its end.</returns>
    public bool ReachedEnd(int partition, long end)
    {
        lock (_lock)
        {
            var reached = _partitions[partition];
            reached.Behind = false;
            reached.Next = Math.Max(reached.Next, end);
            reached.AtEnd(time.GetUtcNow());
            return !_caughtUp && (_caughtUp = _partitions.Values.All(each => !each.Behind));
        }
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
            var rate = (position - _positionAtStart) / Math.Max(time.GetElapsedTime(_startedAt).TotalSeconds, double.Epsilon);
            replay = new ReplayProgress(position, total, rate, rate > 0 ? (total - position) / rate : null);
            return true;
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        CaughtUp ? HealthCheckResult.Healthy()
        : TryGetReplay(out var replay) ? HealthCheckResult.Unhealthy($"{replay.Position} of {replay.Total} messages that Kafka retains have been read.")
        : HealthCheckResult.Unhealthy("Kafka has not assigned any partitions yet."));
}

/// <summary>How far reading what Kafka retains has come.</summary>
/// <param name="Position">Messages read.</param>
/// <param name="Total">Messages there were at the start.</param>
/// <param name="SecondsLeft">Null as long as nothing has been read.</param>
internal sealed record ReplayProgress(long Position, long Total, double MessagesPerSecond, double? SecondsLeft);
