using System.Net;
using System.Text;
using System.Text.Json;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class OutboxOrderTests
{
    private static readonly Dictionary<string, string?> WithoutPoses = new()
    {
        ["Edge:Inference:Pose"] = "Off",
        ["Edge:Inference:MaxQueuedFrames"] = "64",
        ["Edge:Frames:FrameFile"] = "",
    };

    [Fact]
    public async Task The_events_of_a_device_reach_Kafka_in_the_order_of_their_numbers_though_its_frames_come_at_once()
    {
        const int Frames = 20;
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var edge = new EdgeApplication(broker.BootstrapServers, WithoutPoses);
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        var picture = Photo.Blank(32, 32);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 2 * Frames).Select(i => client.PostJpegAsync(picture, $"?device_id=device-{i % 2}")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var messages = TopicReader.Read(broker.BootstrapServers, 2 * Frames);
        foreach (var device in messages.GroupBy(message => message.DeviceId))
            Assert.Equal(Enumerable.Range(1, Frames), device.Select(message =>
                JsonDocument.Parse(message.Value).RootElement.GetProperty("frame").GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public async Task A_message_is_the_reply_byte_for_byte_and_continues_the_trace_of_the_frame()
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var edge = new EdgeApplication(broker.BootstrapServers, WithoutPoses);
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        client.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        var answer = await client.PostJpegAsync(Photo.Blank(32, 32));

        var message = Assert.Single(TopicReader.Read(broker.BootstrapServers, 1));
        Assert.Equal(await answer.Content.ReadAsByteArrayAsync(), message.Value);
        var traceParent = Encoding.UTF8.GetString(
            Assert.Single(message.Headers, header => header.Key == "traceparent").GetValueBytes());
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", traceParent, StringComparison.Ordinal);
    }
}
