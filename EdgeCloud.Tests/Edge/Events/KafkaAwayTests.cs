using System.Net;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class KafkaAwayTests
{
    private static readonly Dictionary<string, string?> WithoutPoses =
        new() { ["Edge:Inference:Pose"] = "Off", ["Edge:Frames:FrameFile"] = "" };

    [Fact]
    public async Task While_Kafka_is_away_frames_are_accepted_and_stored_and_all_of_them_arrive_when_it_is_back()
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var edge = new EdgeApplication(broker.BootstrapServers, WithoutPoses);
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var sent = new List<string>();

        await PostUntilAsync("sending");
        broker.GoAway();
        await Eventually.HoldsAsync(
            async () => await client.GetStringAsync("/health") == "Degraded", "the edge says that it is degraded");
        for (var i = 0; i < 50; i++)
            Assert.Equal("stored", await PostAsync());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);

        broker.ComeBack();
        await Eventually.HoldsAsync(
            async () => await client.GetStringAsync("/health") == "Healthy", "the edge says that it is healthy");
        await PostUntilAsync("sending");

        Assert.Equal(
            sent, TopicReader.Read(broker.BootstrapServers, sent.Count).Select(message => message.EventId.ToString()));

        Task PostUntilAsync(string delivery) =>
            Eventually.HoldsAsync(async () => await PostAsync() == delivery, $"a reply says '{delivery}'");

        async Task<string> PostAsync()
        {
            var answer = await client.PostJpegAsync(Photo.Blank(32, 32));
            sent.Add((await answer.EventAsync()).GetProperty("event_id").GetString()!);
            return Assert.Single(answer.Headers.GetValues("EdgeCloud-Delivery"));
        }
    }

    [Fact]
    public async Task Metrics_and_events_say_how_many_events_wait_and_metrics_also_their_size_and_age()
    {
        // A process of its own, since the meters of all edges in one process are read together.
        using var folder = new TemporaryFolder();
        await using var edge = await EdgeProcess.StartAsync("127.0.0.1:1", folder.File("outbox.db"));
        for (var i = 0; i < 3; i++)
            Assert.Equal(i, (await (await edge.Client.PostJpegAsync(Photo.Blank(32, 32))).EventAsync())
                .GetProperty("outbox_events").GetInt32());

        var metrics = await edge.Client.GetStringAsync("/metrics");

        Assert.Matches("""(?m)^edgecloud_outbox_events\{.*\} 3\b""", metrics);
        Assert.Matches("""(?m)^edgecloud_outbox_size_bytes\{.*\} [1-9]\d{2,}\b""", metrics);
        Assert.Matches("""(?m)^edgecloud_outbox_oldest_age_seconds\{.*\} \d*\.?\d+""", metrics);
        Assert.Matches("""(?m)^edgecloud_outbox_commits_total\{.*\} 3\b""", metrics);
    }

    [Fact]
    public async Task A_page_of_another_origin_may_read_how_far_the_event_is()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", WithoutPoses);
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        client.DefaultRequestHeaders.Add("Origin", "null");

        var answer = await client.PostJpegAsync(Photo.Blank(32, 32));

        Assert.Contains(
            "EdgeCloud-Delivery", string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")),
            StringComparison.Ordinal);
    }
}
