using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;

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
        Assert.Equal(["not an event", "", """{"device_id":"edge-1"}"""], letters.OrderBy(
            letter => letter.Length is 0 ? 1 : letter[0] == 'n' ? 0 : 2));
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

    [Fact]
    public async Task What_is_too_large_for_the_topic_of_dead_letters_is_set_aside_without_its_end()
    {
        await using var scene = new ServerScene();
        var server = await scene.StartServerAsync();
        var value = new byte[10_000_000];
        Random.Shared.NextBytes(value);
        await scene.PublishAsync(value, headers: new Headers { { "ce_id", "x"u8.ToArray() } });
        await server.SeesAsync("dead_letters", 1);
        await scene.PublishAsync(
            "small"u8.ToArray(), key: "other", headers: new Headers { { "huge", new byte[2_000_000] } });
        await server.SeesAsync("dead_letters", 2);

        // In another partition: the embedded broker keeps 5 MiB, and after the first message not
        // even the one behind it.
        await scene.PublishAsync(Events.Of("other", DateTimeOffset.UtcNow));
        await server.SeesAsync("events", 1);

        var letters = Letters(scene.BootstrapServers, 2);
        var large = letters.Single(letter => letter.Message.Value is not null);
        Assert.Equal(value[..65_536], large.Message.Value);
        Assert.Equal(("10000000", "x"), (Header(large, "dlq_original_size"), Header(large, "ce_id")));
        Assert.Contains("10000000 bytes", Header(large, "dlq_reason"), StringComparison.Ordinal);
        var bare = letters.Single(letter => letter.Message.Value is null);
        Assert.Equal(
            ("5", false), (Header(bare, "dlq_original_size"), bare.Message.Headers.TryGetLastBytes("huge", out _)));
    }

    [Fact]
    public async Task Until_Kafka_takes_a_dead_letter_the_offset_stays_where_it_is()
    {
        await using var scene = new ServerScene();
        var poison = await scene.PublishAsync("not an event"u8.ToArray());
        scene.Broker.Fail(BrokerFaults.Produce, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 1000)]);
        var first = scene.LaunchServer();
        await Eventually.HoldsAsync(() => scene.Log.With("trying again").Count() >= 2, "the server has tried twice");
        Assert.Equal(0, (await first.StatsAsync()).GetProperty("dead_letters").GetInt64());
        await scene.StopServerAsync();
        Assert.Null(scene.Committed(poison.Partition));

        scene.Broker.Recover(BrokerFaults.Produce);
        var second = await scene.StartServerAsync();
        Assert.Equal(1, (await second.StatsAsync()).GetProperty("dead_letters").GetInt64());
        Assert.Equal(1, Count(scene.BootstrapServers));
        await scene.StopServerAsync();
        Assert.Equal(poison.Offset + 1, scene.Committed(poison.Partition));
    }

    private static int Count(string bootstrapServers) =>
        TopicReader.All(bootstrapServers, DetectionTopic.DeadLetterName, toEnd: true).Count();

    private static IEnumerable<string> Read(string bootstrapServers, int count)
    {
        var letters = Letters(bootstrapServers, count);
        Assert.All(letters, letter =>
        {
            Assert.Equal(DetectionTopic.Name, Header(letter, "dlq_topic"));
            Assert.NotEmpty(Header(letter, "dlq_reason"));
            Assert.Matches("^[0-5]$", Header(letter, "dlq_partition"));
            Assert.Matches("^[0-9]+$", Header(letter, "dlq_offset"));
        });
        return letters.Select(letter => Encoding.UTF8.GetString(letter.Message.Value ?? []));
    }

    private static List<ConsumeResult<byte[], byte[]>> Letters(string bootstrapServers, int count) =>
        [.. TopicReader.All(bootstrapServers, DetectionTopic.DeadLetterName).Take(count)];

    private static string Header(ConsumeResult<byte[], byte[]> letter, string name) =>
        Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));
}
