using System.Text;
using Confluent.Kafka;
using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Tests.Server;

public sealed class DeadLetterTests
{
    [Fact]
    public async Task What_is_not_an_event_is_set_aside_with_its_reason_and_the_loop_goes_on()
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();

        await scene.PublishAsync("not an event"u8.ToArray(), key: "poison");
        await scene.PublishAsync(value: null, key: "tombstone");
        await scene.PublishAsync("""{"device_id":"edge-1"}"""u8.ToArray(), key: null);
        var good = Events.Of("edge-1", DateTimeOffset.UtcNow);
        await scene.PublishAsync(good);

        await server.SeesAsync("events", 1);
        await server.SeesAsync("dead_letters", 3);
        Assert.Equal(good.EventId.ToString(), Assert.Single(await server.IdsAsync()));

        var letters = Read(scene.BootstrapServers, 3);
        Assert.Equal(["not an event", "", """{"device_id":"edge-1"}"""], letters.OrderBy(letter => letter.Length is 0 ? 1 : letter[0] == 'n' ? 0 : 2));
    }

    [Fact]
    public async Task A_successor_that_reads_it_again_does_not_set_it_aside_again()
    {
        await using var scene = new ServerScene();
        await scene.PublishAsync("not an event"u8.ToArray());
        await (await scene.StartServerAsync()).SeesAsync("dead_letters", 1);
        await scene.StopServerAsync();

        await (await scene.StartServerAsync()).SeesAsync("dead_letters", 1);

        Assert.Equal(1, Count(scene.BootstrapServers));
    }

    private static long Count(string bootstrapServers)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "count" }).Build();
        return Enumerable.Range(0, 6).Sum(partition =>
            consumer.QueryWatermarkOffsets(new TopicPartition(DetectionTopic.DeadLetterName, partition), TimeSpan.FromSeconds(30)).High.Value);
    }

    private static List<string> Read(string bootstrapServers, int count)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "inspection",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(DetectionTopic.DeadLetterName);

        List<string> letters = [];
        while (letters.Count < count)
        {
            var letter = consumer.Consume(TimeSpan.FromSeconds(30));
            Assert.NotNull(letter);
            Assert.Equal(DetectionTopic.Name, Header(letter, "dlq_topic"));
            Assert.NotEmpty(Header(letter, "dlq_reason"));
            Assert.Matches("^[0-5]$", Header(letter, "dlq_partition"));
            Assert.Matches("^[0-9]+$", Header(letter, "dlq_offset"));
            letters.Add(Encoding.UTF8.GetString(letter.Message.Value ?? []));
        }

        consumer.Close();
        return letters;
    }

    private static string Header(ConsumeResult<byte[], byte[]> letter, string name) => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));
}
