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

    private readonly Dictionary<int, DateTimeOffset> _atEnd = [];
    private volatile IReadOnlyList<PartitionLag> _others = [];

    public LagStats Total()
    {
        var mine = own.Read();
        return LagStats.Of(
            [.. mine, .. _others.Where(other => mine.All(each => each.Partition != other.Partition))]);
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
        List<PartitionLag> others = [];
        foreach (var (partition, position) in store.Positions(options.Value.Topic))
        {
            if (mine.Contains(partition))
                continue;
            var end = consumer.QueryWatermarkOffsets(new TopicPartition(options.Value.Topic, partition), Interval).High;
            var messages = Math.Max(0, end.Value - position.Next);

            // What waits has come since this was last at its end.
            if (messages == 0 || !_atEnd.TryGetValue(partition, out var atEnd))
                _atEnd[partition] = atEnd = now;
            others.Add(new PartitionLag(partition, messages, now - atEnd));
        }

        _others = others;
    }
}
