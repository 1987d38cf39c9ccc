using Confluent.Kafka;

namespace EdgeCloud.Server.Ingest;

/// <summary>What Kafka says of a partition at its assignment, in offsets; null for what it did not say in time.</summary>
/// <param name="Committed">Where the group has come to.</param>
/// <param name="Low">The first offset retained.</param>
/// <param name="High">The offset the next message will get.</param>
internal readonly record struct AssignedPartition(int Partition, long? Committed, long? Low, long? High);

/// <summary>How far one partition has been read, in offsets. The consumer's thread writes, requests read.</summary>
internal sealed class PartitionProgress
{
    private long _begin;
    private long _next;
    private long? _committed;
    private long? _end;
    private long _processedTicks;
    private long _atEndTicks;

    /// <param name="assigned">What Kafka says of it.</param>
    /// <param name="now">The time.</param>
    public PartitionProgress(in AssignedPartition assigned, DateTimeOffset now)
    {
        _processedTicks = now.UtcTicks;
        Restart(assigned.Low ?? 0);
        Update(assigned);
    }

    /// <summary>The offset that comes next; everything before it is in the state.</summary>
    public long Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>Whether the end is still to be reached for the first time.</summary>
    public bool Behind { get; set; }

    /// <summary>Where the partition ended when it was assigned; null when that is not known.</summary>
    public long? End => _end;

    public long Position => Next - _begin;

    public long Total => Math.Max(Position, (_end ?? 0) - _begin);

    public void Restart(long begin)
    {
        _begin = Next = begin;
        Behind = true;
    }

    public void Update(in AssignedPartition assigned) => (_committed, _end) = (assigned.Committed ?? _committed, assigned.High ?? _end);

    /// <summary>Goes on to the next message.</summary>
    /// <param name="offset">Of the message that was processed.</param>
    /// <param name="written">When its producer or the broker says it was written.</param>
    /// <param name="now">The time, which nothing is believed to be later than.</param>
    public void Processed(long offset, Timestamp written, DateTimeOffset now)
    {
        if (written.Type != TimestampType.NotAvailable)
            Volatile.Write(ref _processedTicks, Math.Min(now.UtcTicks, DateTime.UnixEpoch.Ticks + (written.UnixTimestampMs * TimeSpan.TicksPerMillisecond)));
        Next = offset + 1;
    }

    /// <summary>Nothing is waiting.</summary>
    public TimeSpan AtEnd(DateTimeOffset now)
    {
        Volatile.Write(ref _atEndTicks, now.UtcTicks);
        return TimeSpan.Zero;
    }

    /// <summary>
    /// How long the oldest message not yet processed has been waiting in Kafka. When it came is only known once it has been read; it came after the message
    /// that was processed last had been written, and after the end was last reached. So this is the most that it can be, and it grows while nothing is
    /// processed. Before the first message it is the time since the assignment.
    /// </summary>
    public TimeSpan Waiting(DateTimeOffset now) => TimeSpan.FromTicks(Math.Max(0, now.UtcTicks - Math.Max(Volatile.Read(ref _processedTicks), Volatile.Read(ref _atEndTicks))));

    /// <returns>True for a message that the group finished with before, read again to rebuild the state.</returns>
    public bool IsReplay(long offset) => offset < _committed;
}
