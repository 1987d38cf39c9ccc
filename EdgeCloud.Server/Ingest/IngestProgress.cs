using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// How far the consumer is: the next offset of each partition it has, and whether it has once reached the end of all of them, since only then does
/// the state hold everything the topic retains. Ready from then on.
/// </summary>
internal sealed class IngestProgress : IHealthCheck
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, Offset> _next = [];
    private readonly Dictionary<TopicPartition, Offset> _committed = [];
    private readonly HashSet<TopicPartition> _behind = [];
    private bool _caughtUp;

    public bool CaughtUp
    {
        get
        {
            lock (_lock)
                return _caughtUp;
        }
    }

    /// <param name="committed">The partitions now ours, each with the offset its group has committed.</param>
    /// <returns>Where to begin: a new partition from its beginning, one we had before where we left it, since its events are in the state already.</returns>
    public List<TopicPartitionOffset> Assign(IReadOnlyList<TopicPartitionOffset> committed)
    {
        var partitions = committed.Select(partition => partition.TopicPartition).ToArray();
        lock (_lock)
        {
            foreach (var partition in committed)
                _committed[partition.TopicPartition] = partition.Offset;
            _behind.Clear();
            _behind.UnionWith(partitions);
            _caughtUp |= partitions.Length == 0;
            return [.. partitions.Select(partition => new TopicPartitionOffset(partition, _next.GetValueOrDefault(partition, Offset.Beginning)))];
        }
    }

    public void Processed(TopicPartitionOffset message)
    {
        lock (_lock)
            _next[message.TopicPartition] = message.Offset + 1;
    }

    /// <returns>True for a message that the group finished with before we read it again to rebuild the state.</returns>
    public bool IsReplay(TopicPartitionOffset message)
    {
        lock (_lock)
            return _committed.TryGetValue(message.TopicPartition, out var committed) && !committed.IsSpecial && message.Offset < committed;
    }

    /// <returns>True when this was the last partition to reach its end, for the first time.</returns>
    public bool ReachedEnd(TopicPartition partition)
    {
        lock (_lock)
        {
            _behind.Remove(partition);
            if (_caughtUp || _behind.Count > 0)
                return false;
            return _caughtUp = true;
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(CaughtUp ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The events that Kafka retains are still being read."));
}
