using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Testing;

/// <summary>Reads what is on Kafka, as any client would: the messages of each device in their order.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public sealed record Message(string DeviceId, Guid EventId, byte[] Value, Headers Headers, int Partition);

    /// <returns>The first events, as many as asked for.</returns>
    public static IReadOnlyList<Message> Read(string bootstrapServers, int count) =>
        [.. All(bootstrapServers).Take(count).Select(Of)];

    /// <returns>The events that are there now.</returns>
    public static IReadOnlyList<Message> ReadToEnd(string bootstrapServers) =>
        [.. All(bootstrapServers, toEnd: true).Select(Of)];

    /// <summary>Messages as they come; fails when none does.</summary>
    /// <param name="bootstrapServers">Where Kafka is.</param>
    /// <param name="topic">The events, unless another is named.</param>
    /// <param name="toEnd">Ends with the last message that is there now.</param>
    public static IEnumerable<ConsumeResult<byte[], byte[]>> All(
        string bootstrapServers, string topic = DetectionTopic.Name, bool toEnd = false)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "reader",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            FetchWaitMaxMs = 20,
        }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Patience).Topics.Single().Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions)
            .Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        for (var (read, ended) = (0, 0); !toEnd || ended < partitions;)
        {
            var result = consumer.Consume(Patience);
            Assert.True(
                result is not null,
                $"No message has come after {read}, and {ended} of {partitions} partitions have come to their end.");
            if (result.IsPartitionEOF)
            {
                ended++;
                continue;
            }

            read++;
            yield return result;
        }
    }

    private static Message Of(ConsumeResult<byte[], byte[]> result) => new(
        Encoding.UTF8.GetString(result.Message.Key),
        Guid.Parse(Encoding.UTF8.GetString(result.Message.Headers.GetLastBytes("ce_id"))),
        result.Message.Value, result.Message.Headers, result.Partition.Value);
}
