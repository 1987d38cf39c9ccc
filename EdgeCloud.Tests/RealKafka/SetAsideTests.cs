using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>A topic whose max.message.bytes an event with a pose is beyond, and an empty frame's is not.</summary>
public sealed class SetAsideTests : IAsyncLifetime
{
    private const string Limit = "max.message.bytes";
    private const int Rejected = 5;
    private readonly TemporaryFolder _folder = new();
    private KafkaBroker _broker = null!;

    public async Task InitializeAsync()
    {
        if (KafkaTests.WhySkipped is not null)
            return;

        _broker = await KafkaBroker.StartAsync();
        await _broker.CreateTopicsAsync(6, DetectionTopic.Name);
        await _broker.SetTopicAsync(DetectionTopic.Name, Limit, "1000");
    }

    public async Task DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [KafkaFact]
    public async Task What_the_topic_does_not_take_is_kept_and_delivered_once_when_the_limit_is_raised_and_retried()
    {
        List<Guid> small, large;
        await using (var edge = await StartEdgeAsync())
        {
            (small, large) = await SendAsync(edge);
            await AreSetAsideAsync(edge);
            Assert.Equal("Degraded", await edge.Client.GetStringAsync("/health"));
            Assert.Contains(
                $"outbox: Degraded: Events set aside, since Kafka rejects them: {Rejected}, larger than the topic",
                await edge.Client.GetStringAsync("/health?verbose"), StringComparison.Ordinal);
            Assert.Equal(small.Order(), Delivered());

            var list = await CommandAsync(edge, "list");
            Assert.All(large, id => Assert.Matches($"(?m)^{id} +large .*Message size too large", list));
            Assert.Contains($"{Rejected} events are set aside", list, StringComparison.Ordinal);
            Assert.Single(edge.Output, line => line.Contains("larger than the topic", StringComparison.Ordinal));

            // Killed, as is the next, and neither loses one.
        }

        await using (var next = await StartEdgeAsync())
        {
            await AreSetAsideAsync(next);
            await CommandAsync(next, "retry");
            await AreSetAsideAsync(next);
            Assert.Equal(small.Order(), Delivered());
        }

        await using var last = await StartEdgeAsync();
        await AreSetAsideAsync(last);
        await _broker.SetTopicAsync(DetectionTopic.Name, Limit, "1000000");
        Assert.StartsWith(
            $"{Rejected} events are sent again", await CommandAsync(last, "retry"), StringComparison.Ordinal);

        await last.OutboxIsEmptyAsync();
        await Eventually.HoldsAsync(
            async () => await last.Client.GetStringAsync("/health") == "Healthy", "the edge is healthy");
        Assert.Equal(small.Concat(large).Order(), Delivered());
    }

    [KafkaFact]
    public async Task Events_that_fit_alone_are_delivered_when_their_batch_does_not()
    {
        await using var edge = await StartEdgeAsync();
        _broker.Kill();
        await Eventually.HoldsAsync(
            async () => await edge.Client.GetStringAsync("/health") == "Degraded", "the edge misses Kafka");
        var small = new List<Guid>();
        for (var i = 0; i < 100; i++)
            small.Add(await PostAsync(edge, "small", Photo.Blank(32, 32)));
        await _broker.StartAgainAsync();

        await edge.OutboxIsEmptyAsync();

        Assert.Equal(0, await SetAsideAsync(edge));
        Assert.Equal(
            small, TopicReader.ReadToEnd(_broker.BootstrapServers).Select(message => message.EventId));
    }

    private static async Task<(List<Guid> Small, List<Guid> Large)> SendAsync(EdgeProcess edge)
    {
        var (small, large) = (new List<Guid>(), new List<Guid>());
        for (var i = 0; i < Rejected; i++)
        {
            // All at once, so that some are in one batch.
            var posts = new[] { Photo.Blank(32, 32), Photo.Astronaut, Photo.Blank(32, 32) }
                .Select((photo, at) => PostAsync(edge, at == 1 ? "large" : "small", photo)).ToArray();
            await Task.WhenAll(posts);
            small.AddRange([await posts[0], await posts[2]]);
            large.Add(await posts[1]);
        }

        return (small, large);
    }

    private static async Task<Guid> PostAsync(EdgeProcess edge, string device, byte[] photo)
    {
        var answer = await edge.Client.PostJpegAsync(photo, $"?device_id={device}");
        Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString());
        return (await answer.EventAsync()).GetProperty("event_id").GetGuid();
    }

    private static async Task<string> CommandAsync(EdgeProcess edge, string command) =>
        await ChildProcess.SucceedAsync(
            ChildProcess.Dotnet("edgecloud", "outbox", command, "--edge", $"{edge.Client.BaseAddress}"));

    private static Task AreSetAsideAsync(EdgeProcess edge) => Eventually.HoldsAsync(
        async () => await SetAsideAsync(edge) == Rejected,
        string.Create(CultureInfo.InvariantCulture, $"{Rejected} events are set aside, and none waits"));

    /// <returns>How many are set aside; -1 while others wait.</returns>
    private static async Task<int> SetAsideAsync(EdgeProcess edge)
    {
        var content = await edge.Client.GetFromJsonAsync<JsonElement>("/outbox");
        return content.GetProperty("waiting_events").GetInt32() == 0
            ? content.GetProperty("set_aside_events").GetInt32()
            : -1;
    }

    private Task<EdgeProcess> StartEdgeAsync() =>
        EdgeProcess.StartAsync(
            _broker.BootstrapServers, _folder.File("outbox.db"), "--Edge:Inference:Pose=Lite");

    private IEnumerable<Guid> Delivered() =>
        TopicReader.ReadToEnd(_broker.BootstrapServers).Select(message => message.EventId).Order();
}
