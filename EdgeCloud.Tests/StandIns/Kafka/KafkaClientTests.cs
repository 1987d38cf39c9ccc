using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace EdgeCloud.Tests.StandIns.Kafka;

public sealed class KafkaClientTests(MockCluster cluster) : IClassFixture<MockCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Key_value_and_headers_survive_the_trip()
    {
        var topic = cluster.CreateTopic();
        using var producer = Producer(new ProducerConfig());
        var sent = new Message<string, string> { Key = "edge-1", Value = "hello", Headers = new Headers { { "ce_id", "42"u8.ToArray() } } };
        await producer.ProduceAsync(topic, sent);

        using var consumer = Consumer(new ConsumerConfig { GroupId = topic });
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var received = consumer.Consume(Patience);

        Assert.Equal(("edge-1", "hello"), (received.Message.Key, received.Message.Value));
        Assert.Equal("42", Encoding.UTF8.GetString(received.Message.Headers.GetLastBytes("ce_id")));
    }

    [Fact]
    public async Task An_idempotent_producer_hears_from_all_replicas_that_its_message_is_kept()
    {
        using var producer = Producer(new ProducerConfig { EnableIdempotence = true, Acks = Acks.All });

        var delivery = await producer.ProduceAsync(cluster.CreateTopic(), new Message<string, string> { Value = "kept" });

        Assert.Equal(PersistenceStatus.Persisted, delivery.Status);
        Assert.Equal(0, delivery.Offset.Value);
    }

    [Fact]
    public async Task A_group_commits_the_offset_it_stored_and_no_further()
    {
        var topic = cluster.CreateTopic();
        await Produce(topic, "handled", "not handled");
        var config = new ConsumerConfig { GroupId = topic, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoOffsetStore = false };

        using (var member = Consumer(config))
        {
            member.Subscribe(topic);
            member.StoreOffset(member.Consume(Patience));
            Assert.Equal("not handled", member.Consume(Patience).Message.Value);
            member.Close();
        }

        using var successor = Consumer(config);
        var committed = Assert.Single(successor.Committed([new TopicPartition(topic, 0)], Patience));
        Assert.Equal(1, committed.Offset.Value);
    }

    [Fact]
    public async Task Watermarks_are_the_first_offset_and_the_one_to_come()
    {
        var topic = cluster.CreateTopic();
        await Produce(topic, "a", "b", "c");
        using var consumer = Consumer(new ConsumerConfig { GroupId = topic });

        var watermarks = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Patience);

        Assert.Equal((0, 3), (watermarks.Low.Value, watermarks.High.Value));
    }

    [Fact]
    public async Task Statistics_reach_their_handler()
    {
        var statistics = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var producer = new ProducerBuilder<string, string>(
                new ProducerConfig { BootstrapServers = cluster.BootstrapServers, ClientId = "counted", StatisticsIntervalMs = 10 })
            .SetStatisticsHandler((_, json) => statistics.TrySetResult(json))
            .Build();

        using var read = JsonDocument.Parse(await statistics.Task.WaitAsync(Patience));

        Assert.Equal("counted", read.RootElement.GetProperty("client_id").GetString());
    }

    private async Task Produce(string topic, params string[] values)
    {
        using var producer = Producer(new ProducerConfig());
        foreach (var value in values)
            await producer.ProduceAsync(topic, new Message<string, string> { Value = value });
    }

    private IProducer<string, string> Producer(ProducerConfig config)
    {
        config.BootstrapServers = cluster.BootstrapServers;
        return new ProducerBuilder<string, string>(config).Build();
    }

    private IConsumer<string, string> Consumer(ConsumerConfig config)
    {
        config.BootstrapServers = cluster.BootstrapServers;
        config.FetchWaitMaxMs = 10;
        return new ConsumerBuilder<string, string>(config).Build();
    }
}
