using System.Data.Common;
using Confluent.Kafka;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// How far all servers together are behind Kafka. Where they share a store, each asks Kafka once a second where the
/// partitions end that it does not have, and holds that against the stored positions, so that each says the same.
/// </summary>
internal sealed class GroupLag(
    ConsumerLag own, IConsumer<byte[], byte[]> consumer, EventStore store, IOptions<IngestOptions> options,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>By partition, of those that this server does not have.</summary>
    private volatile IReadOnlyDictionary<int, End> _ends = new Dictionary<int, End>();

    /// <exception cref="DbException">The store is away.</exception>
    public LagStats Total()
    {
        var mine = own.Read();
        var (ends, now) = (_ends, time.GetUtcNow());
        return LagStats.Of(ends.Count == 0 ? mine :
        [
            .. mine,
            .. from stored in store.Positions(options.Value.Topic)
               where mine.All(each => each.Partition != stored.Key)
               let end = ends.GetValueOrDefault(stored.Key)
               let messages = Math.Max(0, end.Offset - stored.Value.Next)
               select new PartitionLag(stored.Key, messages, messages == 0 ? default : now - end.ReachedAt),
        ]);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.Engine.IsShared)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Look();
            }
            catch (Exception exception) when (exception is DbException or KafkaException or ObjectDisposedException)
            {
                // The store or Kafka is away, which others have said, or this server ends: as it was.
            }
        }
    }

    private void Look()
    {
        var now = time.GetUtcNow();
        var mine = own.Read().Select(partition => partition.Partition).ToHashSet();
        var ends = new Dictionary<int, End>();
        foreach (var (partition, position) in store.Positions(options.Value.Topic))
        {
            if (mine.Contains(partition))
                continue;
            var end = consumer.QueryWatermarkOffsets(new TopicPartition(options.Value.Topic, partition), Interval).High;
            var isBehind = position.Next < end.Value && _ends.ContainsKey(partition);
            ends[partition] = new End(end.Value, isBehind ? _ends[partition].ReachedAt : now);
        }

        _ends = ends;
    }

    /// <param name="Offset">That the next message will get.</param>
    /// <param name="ReachedAt">When nothing was waiting last: what waits has come since.</param>
    private readonly record struct End(long Offset, DateTimeOffset ReachedAt);
}
