using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// How far reading is behind Kafka. The ends of the partitions are those that the client learned with its last fetch, so asking costs nothing and never
/// waits; while the client has read ahead as far as it may, or has no connection, there may be more.
/// </summary>
internal sealed class ConsumerLag : IDisposable
{
    /// <summary>How exactly it is known since when a partition has not been read to its end.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly IngestProgress _progress;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private bool _isClosed;

    public ConsumerLag(IConsumer<byte[], byte[]> consumer, IngestProgress progress, IOptions<IngestOptions> options, TimeProvider time)
    {
        (_consumer, _progress, _topic, _time) = (consumer, progress, options.Value.Topic, time);
        _timer = time.CreateTimer(_ => Read(), null, Interval, Interval);
    }

    /// <returns>The partitions that this instance has; none when the client is gone.</returns>
    public IReadOnlyList<PartitionLag> Read()
    {
        lock (_lock)
            return _isClosed ? [] : [.. _progress.Partitions().Select(partition => Measure(partition.Key, partition.Value))];
    }

    /// <returns>The messages of all partitions together, and the seconds of the one that is worst off.</returns>
    public LagStats Total()
    {
        var partitions = Read();
        return new LagStats(partitions.Sum(partition => partition.Messages), Math.Round(partitions.Select(partition => partition.Time.TotalSeconds).DefaultIfEmpty().Max(), 3));
    }

    /// <summary>Asks the client no more; to be called before it is closed.</summary>
    public void Close()
    {
        _timer.Dispose();
        lock (_lock)
            _isClosed = true;
    }

    public void Dispose() => Close();

    private PartitionLag Measure(int partition, PartitionProgress progress)
    {
        // In this order: what comes between the two is counted as read.
        var end = End(partition) ?? progress.End;
        var messages = Math.Max(0, (end ?? 0) - progress.Next);
        return new PartitionLag(partition, messages, messages == 0 ? progress.AtEnd(_time.GetUtcNow()) : progress.Waiting(_time.GetUtcNow()));
    }

    private long? End(int partition)
    {
        try
        {
            return _consumer.GetWatermarkOffsets(new TopicPartition(_topic, partition)) is { High: { IsSpecial: false } high } ? high.Value : null;
        }
        catch (KafkaException)
        {
            // Not fetched from yet, or not ours any more.
            return null;
        }
    }
}

/// <param name="Messages">The partition's end minus the offset that comes next; after a start that includes what is read again.</param>
/// <param name="Time">How long the oldest message not yet processed has been in Kafka, at most; see <see cref="PartitionProgress.Waiting"/>.</param>
internal readonly record struct PartitionLag(int Partition, long Messages, TimeSpan Time);

/// <param name="Messages">Still to be read, over all partitions.</param>
/// <param name="Seconds">How long the oldest of them has been in Kafka, at most; 0 when there are none.</param>
internal readonly record struct LagStats(long Messages, double Seconds);
