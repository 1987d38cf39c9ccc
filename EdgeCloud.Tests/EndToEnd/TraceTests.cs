using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.EndToEnd;

/// <summary>What a collector receives from the edge and the server, two processes, about one frame.</summary>
[Collection(RunningSystemCollection.Name)]
public sealed class TraceTests(RunningSystem system)
{
    private readonly string _traceId = Id(16);
    private readonly string _callerId = Id(8);

    private string TraceParent => $"00-{_traceId}-{_callerId}-01";

    [Fact]
    public async Task A_frame_is_one_trace_from_the_browser_to_where_its_event_is_visible()
    {
        using var frame = new HttpRequestMessage(HttpMethod.Post, "/frame?device_id=traced")
        {
            Content = new ByteArrayContent(Photo.Astronaut),
        };
        frame.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        frame.Headers.Add("traceparent", TraceParent);
        (await system.Edge.SendAsync(frame)).EnsureSuccessStatusCode();

        // A span, its parent, and who made it.
        (string Name, string? Parent, string Service, string Kind)[] expected =
        [
            ("POST /frame", null, "edge", "Server"),
            ("decode", "POST /frame", "edge", "Internal"),
            ("face", "POST /frame", "edge", "Internal"),
            ("pose", "POST /frame", "edge", "Internal"),
            ("store", "POST /frame", "edge", "Internal"),
            ("send edge-data", "POST /frame", "edge", "Producer"),
            ("process edge-data", "send edge-data", "server", "Consumer"),
            ("aggregate", "process edge-data", "server", "Internal"),
        ];
        await Eventually.HoldsAsync(
            () => system.Telemetry.Trace(_traceId).Length >= expected.Length, "the spans of the frame have arrived");

        var spans = system.Telemetry.Trace(_traceId);
        var names = spans.ToDictionary(span => span.SpanId, span => span.Name);
        names.Add(_callerId, "caller");
        Assert.Equal(
            expected.Select(span => (span.Name, Parent: span.Parent ?? "caller", span.Service, span.Kind)).Order(),
            spans.Select(span => (span.Name, Parent: names.GetValueOrDefault(span.ParentId, "unknown"),
                span.Service, Kind: span.Kind.ToString())).Order());

        var process = spans.Single(span => span.Name == "process edge-data");
        Assert.Equal([process.ParentId], process.Links);
        Assert.False(process.IsError);
        Assert.Equal(
            ("kafka", "edge-data", "process", "process", "edgecloud-server", "traced"),
            (process.Tags["messaging.system"], process.Tags["messaging.destination.name"],
                process.Tags["messaging.operation.name"], process.Tags["messaging.operation.type"],
                process.Tags["messaging.consumer.group.name"], process.Tags["messaging.kafka.message.key"]));
        Assert.Matches("^[0-5]$", process.Tags["messaging.destination.partition.id"]);
        Assert.Matches("^[0-9]+$", process.Tags["messaging.kafka.offset"]);
        Assert.InRange(int.Parse(process.Tags["messaging.message.body.size"], CultureInfo.InvariantCulture), 100, 2000);
    }

    [Fact]
    public async Task What_is_no_event_fails_its_span_and_its_log_line_and_its_dead_letter_have_the_same_trace()
    {
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = system.BootstrapServers }).Build();
        await producer.ProduceAsync("edge-data", new Message<string, byte[]>
        {
            Key = "poison",
            Value = "not an event"u8.ToArray(),
            Headers = new Headers { { "traceparent", Encoding.ASCII.GetBytes(TraceParent) } },
        });

        await Eventually.HoldsAsync(() => system.Telemetry.Trace(_traceId).Length >= 2, "both spans have arrived");
        await Eventually.HoldsAsync(
            () => system.Telemetry.Logs.Any(log => log.TraceId == _traceId), "the log record has arrived");
        var spans = system.Telemetry.Trace(_traceId);
        var process = spans.Single(span => span.Name == "process edge-data");
        var send = spans.Single(span => span.Name == "send edge-data.dlq");
        Assert.Equal(
            (_callerId, true, "not_an_event"), (process.ParentId, process.IsError, process.Tags["error.type"]));
        Assert.Equal((process.SpanId, ReceivedSpanKind.Producer, "edge-data.dlq"), (
            send.ParentId, send.Kind, send.Tags["messaging.destination.name"]));
        var log = system.Telemetry.Logs.First(log => log.TraceId == _traceId);
        Assert.Equal(("server", process.SpanId), (log.Service, log.SpanId));

        Assert.Equal($"00-{_traceId}-{send.SpanId}-01", LetterOf(
            process.Tags["messaging.destination.partition.id"], process.Tags["messaging.kafka.offset"]));
    }

    [Fact]
    public async Task Metrics_of_both_services_arrive()
    {
        foreach (var expected in new[]
        {
            ("edge", "http.server.request.duration"),
            ("edge", "edgecloud.frames"),
            ("server", "http.server.request.duration"),
            ("server", "edgecloud.consumer.lag"),
            ("server", "edgecloud.devices"),
        })
        {
            await Eventually.HoldsAsync(
                () => system.Telemetry.Metrics.ContainsKey(expected), $"{expected} has arrived");
        }
    }

    /// <returns>The trace context of the dead letter that a message became.</returns>
    private string LetterOf(string partition, string offset)
    {
        var letter = TopicReader.All(system.BootstrapServers, DetectionTopic.DeadLetterName).First(letter =>
            DeadLetterHeaders.Find(letter.Message.Headers, DeadLetterHeaders.Partition) == partition
            && DeadLetterHeaders.Find(letter.Message.Headers, DeadLetterHeaders.Offset) == offset);
        var header = Assert.Single(letter.Message.Headers, header => header.Key == "traceparent");
        return Encoding.ASCII.GetString(header.GetValueBytes());
    }

    private static string Id(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
