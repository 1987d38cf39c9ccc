using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Server;

/// <summary><c>./edgecloud dlq</c>, against a broker that a server has filled.</summary>
public sealed class DlqCommandTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Dead_letters_are_listed_and_sent_again_each_once()
    {
        await using var scene = new ServerScene();

        // An event in the topic before its server could read it: what the fix of a server makes good.
        var good = Events.Of("edge-1", Noon);
        var headers = new Headers { { "ce_id", "x"u8.ToArray() }, { "traceparent", "00-a-b-01"u8.ToArray() } };
        await LetterAsync(scene, DetectionEventJson.Write(good), "schema is from the future", 0, headers);
        await LetterAsync(scene, "still not an event"u8.ToArray(), "Not a detection event: [red]\u001b[2J", 1, []);
        await LetterAsync(scene, "begin"u8.ToArray(), "too large", 2, [], originalSize: 10_000_000);

        var listed = await RunAsync("list", "--kafka", scene.BootstrapServers);
        Assert.Equal(0, listed.ExitCode);
        Assert.Contains("edge-data 3@40", listed.Output, StringComparison.Ordinal);
        Assert.Contains("schema is from the future", listed.Output, StringComparison.Ordinal);
        Assert.Contains("[red]\uFFFD[2J", listed.Output, StringComparison.Ordinal);
        Assert.Contains("10000000", listed.Output, StringComparison.Ordinal);
        Assert.Contains("3 dead letters, 0 of them sent again", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "schema", (await RunAsync("list", "--limit", "1", "--kafka", scene.BootstrapServers)).Output,
            StringComparison.Ordinal);

        Assert.Contains(
            "1 sent again",
            (await RunAsync("replay", "--reason", "from the FUTURE", "--kafka", scene.BootstrapServers)).Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "0 sent again", (await RunAsync("replay", "--reason", "future", "--kafka", scene.BootstrapServers)).Output,
            StringComparison.Ordinal);
        var again = Assert.Single(TopicReader.All(scene.BootstrapServers, toEnd: true));
        Assert.Equal(good.DeviceId, Encoding.UTF8.GetString(again.Message.Key));
        Assert.Equal(DetectionEventJson.Write(good), again.Message.Value);
        Assert.Equal([("ce_id", "x"), ("traceparent", "00-a-b-01")], again.Message.Headers.Select(
            header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))));

        // The rest: one goes, the one of which only the beginning is left cannot.
        var rest = await RunAsync("replay", "--all", "--kafka", scene.BootstrapServers);
        Assert.Equal(1, rest.ExitCode);
        Assert.Contains("1 sent again, 1 left", rest.Output, StringComparison.Ordinal);
        Assert.Contains(
            "1 sent again",
            (await RunAsync("replay", "--partition", "0", "--offset", "0", "--kafka", scene.BootstrapServers)).Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "3 dead letters, 2 of them sent again", (await RunAsync("list", "--kafka", scene.BootstrapServers)).Output,
            StringComparison.Ordinal);

        var server = await scene.StartServerAsync();
        await server.SeesAsync("events", 1);
        await server.SeesAsync("duplicates", 1);
        await server.SeesAsync("dead_letters", 1);
    }

    [Theory]
    [InlineData("--kafka", "list")]
    [InlineData("--all", "replay", "--kafka", "127.0.0.1:1")]
    [InlineData("--all", "replay", "--kafka", "127.0.0.1:1", "--all", "--partition", "1")]
    [InlineData("--partition", "replay", "--kafka", "127.0.0.1:1", "--offset", "1")]
    [InlineData("--limit", "list", "--kafka", "127.0.0.1:1", "--limit", "0")]
    public async Task What_is_missing_or_contradicts_itself_is_named(string named, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    private static Task LetterAsync(
        ServerScene scene, byte[] value, string reason, int partition, Headers headers, long? originalSize = null) =>
        scene.Producer.ProduceAsync(
            new TopicPartition(DetectionTopic.DeadLetterName, partition), new Message<string?, byte[]>
            {
                Key = "edge-1",
                Value = value,
                Headers = DeadLetterHeaders.Create(
                    new TopicPartitionOffset(DetectionTopic.Name, 3, 40 + partition), headers, reason, originalSize),
            });

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["ConnectionStrings__kafka"] = null };
        var command = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("edgecloud", ["dlq", .. arguments]), environment: environment);
        return (command.ExitCode, command.Text);
    }
}
