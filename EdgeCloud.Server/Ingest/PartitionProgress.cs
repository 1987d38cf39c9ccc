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

    public PartitionProgress(in AssignedPartition assigned)
    {
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

    public long Position => Next - _begin;

    public long Total => Math.Max(Position, (_end ?? 0) - _begin);

    public void Restart(long begin)
    {
        _begin = Next = begin;
        Behind = true;
    }

    public void Update(in AssignedPartition assigned) => (_committed, _end) = (assigned.Committed ?? _committed, assigned.High ?? _end);

    /// <returns>True for a message that the group finished with before, read again to rebuild the state.</returns>
    public bool IsReplay(long offset) => offset < _committed;
}
