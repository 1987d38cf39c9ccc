using System.Text;
using Confluent.Kafka;

namespace EdgeCloud.Tests.Testing;

/// <summary>Reads what is on edge-data, as any client would.</summary>
internal static class TopicReader
{
    private const string Topic = "edge-data";

    public sealed record Message(string DeviceId, Guid EventId, byte[] Value, Headers Headers, int Partition);

    /// <summary>The first messages, those of each device in the order of Kafka.</summary>
    /// <returns>As many as asked for.</returns>
    public static IReadOnlyList<Message> Read(string bootstrapServers, int count)
    {
        var (consumer, _) = FromTheBeginning(bootstrapServers);
        using var reading = consumer;
        var messages = new List<Message>();
        while (messages.Count < count)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30));
            Assert.True(result is not null, $"Only {messages.Count} of {count} messages have come.");
            if (!result.IsPartitionEOF)
                messages.Add(Of(result));
        }

        return messages;
    }

    /// <summary>All that is there now, those of each device in the order of Kafka.</summary>
    public static IReadOnlyList<Message> ReadToEnd(string bootstrapServers)
    {
        var (consumer, partitions) = FromTheBeginning(bootstrapServers);
        using var reading = consumer;
        var messages = new List<Message>();
        for (var ended = 0; ended < partitions;)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30));
            Assert.True(result is not null, $"Only {ended} of {partitions} partitions have come to their end.");
            if (result.IsPartitionEOF)
                ended++;
            else
                messages.Add(Of(result));
        }

        return messages;
    }

    private static (IConsumer<string, byte[]> Consumer, int Partitions) FromTheBeginning(string bootstrapServers)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "reader", EnableAutoCommit = false, EnablePartitionEof = true, FetchWaitMaxMs = 20 };
        var consumer = new ConsumerBuilder<string, byte[]>(config).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(Topic, TimeSpan.FromSeconds(30)).Topics.Single().Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(Topic, partition, Offset.Beginning)));
        return (consumer, partitions);
    }

    private static Message Of(ConsumeResult<string, byte[]> result) => new(
        result.Message.Key, Guid.Parse(Encoding.UTF8.GetString(result.Message.Headers.GetLastBytes("ce_id"))), result.Message.Value, result.Message.Headers,
        result.Partition.Value);
}
