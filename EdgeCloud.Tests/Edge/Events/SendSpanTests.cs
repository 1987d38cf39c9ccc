using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Tests.Edge.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class SendSpanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedBroker _broker = new(partitions: 6, "edge-data");
    private readonly RecordedTrace _trace = new();

    public void Dispose()
    {
        _trace.Dispose();
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_event_that_an_earlier_run_stored_is_sent_beneath_the_span_of_its_frame()
    {
        string frame;
        await using (var away = new OutboxScene("127.0.0.1:1", _folder.File("outbox.db")))
        {
            await away.StartAsync();
            frame = await StoreInFrameAsync(away, ActivityTraceFlags.Recorded);
        }

        await using var next = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        await next.StartAsync();

        var send = await _trace.EndedAsync("send edge-data");
        Assert.Equal(frame, send.ParentId);
        Assert.Equal(ActivityStatusCode.Unset, send.Status);
        Assert.Equal(send.Id, TraceParentOnKafka());
    }

    [Fact]
    public async Task The_event_of_a_frame_that_is_not_sampled_has_no_span_and_hands_the_frames_on()
    {
        await using var scene = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        await scene.StartAsync();

        var frame = await StoreInFrameAsync(scene, ActivityTraceFlags.None);

        Assert.Equal(frame, TraceParentOnKafka());
        Assert.Empty(_trace.Ended);
    }

    [Fact]
    public async Task A_refused_delivery_is_an_error_in_its_span_and_in_the_metrics()
    {
        await using var scene = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        using var measurements = new Measurements(scene.Services.GetRequiredService<IMeterFactory>());
        await scene.StartAsync();

        await StoreInFrameAsync(scene, ActivityTraceFlags.Recorded, bytes: 1_100_000);

        var send = await _trace.EndedAsync("send edge-data");
        Assert.Equal((ActivityStatusCode.Error, "MsgSizeTooLarge"), (send.Status, send.GetTagItem("error.type")));
        Assert.Null(send.GetTagItem("messaging.kafka.offset"));
        Assert.StartsWith(
            "error.type=MsgSizeTooLarge ", Assert.Single(measurements.Of("messaging.client.sent.messages")).Tags,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "error.type=MsgSizeTooLarge ", Assert.Single(measurements.Of("messaging.client.operation.duration")).Tags,
            StringComparison.Ordinal);
        Assert.Empty(measurements.Of("edgecloud.stage.duration"));
    }

    /// <returns>The id of the frame's span.</returns>
    private async Task<string> StoreInFrameAsync(OutboxScene scene, ActivityTraceFlags flags, int bytes = 300)
    {
        using var frame = new Activity("frame").SetParentId(_trace.Page.TraceId, _trace.Page.SpanId, flags).Start();
        await scene.StoreAsync("device", bytes);
        return frame.Id!;
    }

    private string TraceParentOnKafka()
    {
        var message = Assert.Single(TopicReader.Read(_broker.BootstrapServers, 1));
        return Encoding.ASCII.GetString(
            Assert.Single(message.Headers, header => header.Key == "traceparent").GetValueBytes());
    }
}
