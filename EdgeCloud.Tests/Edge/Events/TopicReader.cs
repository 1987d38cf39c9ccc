using System.Text;
using Confluent.Kafka;

namespace EdgeCloud.Tests.Edge.Events;

/// <summary>Reads what is on edge-data, as any client would.</summary>
internal static class TopicReader
{
    private const int Partitions = 6;

    public sealed record Message(string DeviceId, Guid EventId, byte[] Value, Headers Headers);

    /// <summary>The first messages, those of each device in the order of Kafka.</summary>
    /// <returns>As many as asked for.</returns>
    public static IReadOnlyList<Message> Read(string bootstrapServers, int count)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "reader", EnableAutoCommit = false, FetchWaitMaxMs = 20 };
        using var consumer = new ConsumerBuilder<string, byte[]>(config).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset("edge-data", partition, Offset.Beginning)));
        var messages = new List<Message>();
        while (messages.Count < count)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30));
            Assert.True(result is not null, $"Only {messages.Count} of {count} messages have come.");
            var eventId = Guid.Parse(Encoding.UTF8.GetString(result.Message.Headers.GetLastBytes("ce_id")));
            messages.Add(new Message(result.Message.Key, eventId, result.Message.Value, result.Message.Headers));
        }

        return messages;
    }
}
