using System.Data.Common;
using Confluent.Kafka;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Where reading begins in the partitions that Kafka assigns, by what the store, the group and the broker say.
/// </summary>
internal sealed class PartitionAssignment(
    IngestProgress progress,
    PendingEvents pending,
    BrokerConnection connection,
    IOptions<IngestOptions> options,
    SharedEvents shared,
    IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    public string Topic => options.Value.Topic;

    /// <param name="consumer">Whose partitions they are.</param>
    /// <param name="partitions">All that it has.</param>
    /// <param name="anew">Whether what was read and is not in the store is read again.</param>
    public IReadOnlyList<TopicPartitionOffset> Begin(
        IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, bool anew = false)
    {
        connection.WaitForLog(AnswerTimeout);
        var positions = pending.Positions(lifetime.ApplicationStopping);

        ShowOthers();
        var beginnings = progress.Assign(Ask(consumer, partitions, positions), pending.Window, anew);
        foreach (var (partition, beginning) in beginnings)
        {
            if (!beginning.IsContinued)
                pending.Forget(partition);
        }

        return [.. partitions.Select(each => new TopicPartitionOffset(each, beginnings[each.Partition].Offset))];
    }

    /// <summary>What others have counted before is shown before what follows.</summary>
    private void ShowOthers()
    {
        try
        {
            shared.Look();
        }
        catch (DbException)
        {
            // Away; it is shown later.
        }
    }

    /// <summary>
    /// Where the group is and what Kafka retains, or nothing when the broker does not say: then dead letters may be set
    /// aside twice, and none is lost.
    /// </summary>
    private static List<AssignedPartition> Ask(
        IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Dictionary<int, Position> positions)
    {
        try
        {
            return
            [
                .. from committed in consumer.Committed(partitions, AnswerTimeout)
                   let retained = consumer.QueryWatermarkOffsets(committed.TopicPartition, AnswerTimeout)
                   let offset = committed.Offset
                   select new AssignedPartition(
                       committed.Partition, offset.IsSpecial ? null : offset.Value, retained.Low, retained.High,
                       Stored(committed.Partition)),
            ];
        }
        catch (KafkaException)
        {
            return
            [
                .. partitions.Select(partition => new AssignedPartition(
                    partition.Partition, null, null, null, Stored(partition.Partition))),
            ];
        }

        Position? Stored(int partition) => positions.TryGetValue(partition, out var stored) ? stored : null;
    }
}
