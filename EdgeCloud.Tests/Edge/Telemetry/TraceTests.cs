using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Edge.Telemetry;

public sealed class TraceTests : IAsyncLifetime
{
    private readonly RecordedTrace _trace = new();
    private readonly EmbeddedBroker _broker = new(partitions: 6, "edge-data");
    private readonly EdgeApplication _edge;
    private HttpClient _client = null!;

    public TraceTests()
    {
        _edge = new EdgeApplication(_broker.BootstrapServers, new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = "",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
    }

    public async Task InitializeAsync()
    {
        _client = _edge.CreateClient();
        _client.DefaultRequestHeaders.Add("traceparent", _trace.TraceParent);
        _client.DefaultRequestHeaders.Add("tracestate", "page=1");
        await _edge.ReadyAsync();
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _broker.Dispose();
        _trace.Dispose();
    }

    [Fact]
    public async Task A_frame_is_one_trace_from_the_page_over_its_stages_to_Kafka()
    {
        await (await _client.PostJpegAsync(Photo.Astronaut, "?device_id=traced")).EventAsync();
        var message = Assert.Single(TopicReader.Read(_broker.BootstrapServers, 1));

        var frame = await _trace.EndedAsync("POST /frame");
        Assert.Equal((ActivityKind.Server, _trace.Page.SpanId), (frame.Kind, frame.ParentSpanId));
        Assert.Equal("/frame", frame.GetTagItem("http.route"));
        Assert.Equal(200, frame.GetTagItem("http.response.status_code"));
        Assert.Equal("traced", frame.GetTagItem("edgecloud.device_id"));
        Assert.Equal("accepted", frame.GetTagItem("edgecloud.outcome"));

        var send = await _trace.EndedAsync("send edge-data");
        var stages = _trace.Ended.Where(span => span.Kind == ActivityKind.Internal).ToArray();
        Assert.Equal(["decode", "face", "pose", "store"], stages.Select(stage => stage.DisplayName));
        Assert.All(stages, stage => Assert.Equal(frame.SpanId, stage.ParentSpanId));

        Assert.Equal((ActivityKind.Producer, frame.SpanId), (send.Kind, send.ParentSpanId));
        var tags = send.TagObjects.ToDictionary();
        Assert.True(int.Parse((string)tags["messaging.destination.partition.id"]!, CultureInfo.InvariantCulture)
            is >= 0 and < 6);
        Assert.NotEqual("", tags["messaging.client.id"]);
        Assert.True(tags.Remove("messaging.destination.partition.id") && tags.Remove("messaging.client.id"));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["messaging.system"] = "kafka",
                ["messaging.operation.name"] = "send",
                ["messaging.operation.type"] = "send",
                ["messaging.destination.name"] = "edge-data",
                ["messaging.kafka.message.key"] = "traced",
                ["messaging.kafka.offset"] = 0L,
                ["cloudevents.event_id"] = message.EventId.ToString(),
            },
            tags);
        Assert.Equal(send.Id, Encoding.ASCII.GetString(
            Assert.Single(message.Headers, header => header.Key == "traceparent").GetValueBytes()));
        Assert.Equal("page=1", Encoding.ASCII.GetString(
            Assert.Single(message.Headers, header => header.Key == "tracestate").GetValueBytes()));
    }

    [Fact]
    public async Task The_span_of_a_refused_frame_says_why()
    {
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await _client.PostJpegAsync(Photo.Astronaut[..^2], "?device_id=traced")).StatusCode);

        var frame = await _trace.EndedAsync("POST /frame");
        Assert.Equal("jpeg", frame.GetTagItem("edgecloud.outcome"));
        Assert.Equal("traced", frame.GetTagItem("edgecloud.device_id"));
        Assert.Equal([frame], _trace.Ended);
    }
}
