using System.ComponentModel;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// How far reading is behind Kafka. The ends of the partitions are those that the client learned with its last fetch,
/// so asking costs nothing and never waits; while the client has read ahead as far as it may, or has no connection,
/// there may be more.
/// </summary>
internal sealed class ConsumerLag : BackgroundService
{
    /// <summary>How exactly it is known since when a partition has not been read to its end.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly IngestProgress _progress;
    private readonly string _topic;
    private readonly TimeProvider _time;

    public ConsumerLag(
        IConsumer<byte[], byte[]> consumer,
        IngestProgress progress,
        IMeterFactory meters,
        IOptions<IngestOptions> options,
        TimeProvider time)
    {
        (_consumer, _progress, _topic, _time) = (consumer, progress, options.Value.Topic, time);
        var meter = meters.Create(ServerTelemetry.Name);
        meter.CreateObservableGauge(
            "edgecloud.consumer.lag", () => Measure(partition => partition.Messages), "{message}",
            "Messages of a partition that are still to be read");
        meter.CreateObservableGauge(
            "edgecloud.consumer.lag.time", () => Measure(partition => partition.Time.TotalSeconds), "s",
            "How long the oldest message still to be read has been in Kafka, at most; 0 when there is none");
    }

    /// <returns>The partitions that this instance has; none when the client is gone.</returns>
    public IReadOnlyList<PartitionLag> Read() => _progress.Lags(End);

    /// <summary>Notes which partitions have been read to their ends.</summary>
    public void NoteEnds() => _progress.NoteEnds(End);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            NoteEnds();
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<PartitionLag, T> value)
        where T : struct => Read().Select(partition => new Measurement<T>(
            value(partition),
            new KeyValuePair<string, object?>(MessagingTags.Partition, MessagingTags.Text(partition.Partition))));

    private long? End(int partition)
    {
        try
        {
            var known = _consumer.GetWatermarkOffsets(new TopicPartition(_topic, partition));
            return known is { High: { IsSpecial: false } high } ? high.Value : null;
        }
        catch (KafkaException)
        {
            // Not fetched from yet, or not ours any more.
            return null;
        }
    }
}

[Description("How far reading is behind Kafka.")]
internal readonly record struct LagStats(
    [property: Description("Still to be read, over all partitions.")]
    long Messages,
    [property: Description("How long the oldest of them has been in Kafka, at most; 0 when there are none.")]
    double Seconds)
{
    /// <returns>The messages of all partitions together, and the seconds of the one that is worst off.</returns>
    public static LagStats Of(IReadOnlyCollection<PartitionLag> partitions) => new(
        partitions.Sum(partition => partition.Messages),
        Math.Round(partitions.Select(partition => partition.Time.TotalSeconds).DefaultIfEmpty().Max(), 3));
}
