using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Server.Ingest;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>
/// Which spans the server makes of a message, by what its sender decided; EndToEnd/TraceTests shows them as a collector
/// receives them.
/// </summary>
public sealed class MessageSpanTests : IDisposable
{
    private readonly ActivityContext _sender = new(
        ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
    private readonly ConcurrentQueue<Activity> _stopped = [];
    private readonly ActivityListener _listener;
    private readonly Measurements _measured = new();
    private readonly MessagingTelemetry _telemetry;

    public MessageSpanTests()
    {
        var options = Options.Create(new IngestOptions { ConsumerGroup = "group" });
        _telemetry = new MessagingTelemetry(_measured.Meters, options, TimeProvider.System);
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "EdgeCloud.Server",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _measured.Dispose();
    }

    [Fact]
    public void A_message_is_processed_as_a_child_of_its_sender_and_linked_to_it()
    {
        using (var process = Start(Result(TraceParent(sampled: true), "rojo=1")))
        {
            using var aggregate = process.StartAggregate(DateTimeOffset.UtcNow)!;
            Assert.Equal(process.Span!.SpanId, aggregate.ParentSpanId);
        }

        var span = Single("process edge-data");
        Assert.Equal(
            (ActivityKind.Consumer, _sender.TraceId, _sender.SpanId), (span.Kind, span.TraceId, span.ParentSpanId));
        Assert.Equal("rojo=1", span.TraceStateString);
        Assert.Equal(_sender.SpanId, Assert.Single(span.Links).Context.SpanId);
        Assert.Equal(
            """
            messaging.system=kafka messaging.destination.name=edge-data
            messaging.operation.name=process messaging.operation.type=process
            messaging.kafka.message.key=edge-1 messaging.message.body.size=3
            messaging.consumer.group.name=group messaging.destination.partition.id=4 messaging.kafka.offset=17
            """.ReplaceLineEndings(" "),
            string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
    }

    [Fact]
    public void Where_the_sender_decided_against_recording_nothing_is_started_and_a_dead_letter_carries_its_context()
    {
        var traceParent = TraceParent(sampled: false);
        var refused = Result(traceParent);
        var process = Start(refused);
        Assert.Null(process.Span);
        Assert.Null(process.StartAggregate(DateTimeOffset.UtcNow));

        var letter = LetterOf(refused);
        Assert.Null(_telemetry.StartSend(letter, refused.Message.Headers).Span);
        Assert.Equal(traceParent, Encoding.ASCII.GetString(letter.Headers.GetLastBytes("traceparent")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-not-a-context-01")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void A_message_without_a_context_begins_a_trace_of_its_own(string? traceParent)
    {
        using var span = Start(Result(traceParent)).Span!;
        Assert.Equal((null, 0), (span.Parent, span.Links.Count()));
        Assert.Equal(default, span.ParentSpanId);
    }

    [Fact]
    public void A_dead_letter_that_is_tried_again_has_one_context_that_of_the_last_attempt()
    {
        var refused = Result(TraceParent(sampled: true));
        var letter = LetterOf(refused);
        using var process = Start(refused).Span!;
        using (var first = _telemetry.StartSend(letter, refused.Message.Headers))
            first.End("TopicAuthorizationFailed", "no");
        using var second = _telemetry.StartSend(letter, refused.Message.Headers).Span!;

        var failed = Single("send edge-data.dlq");
        Assert.Equal(
            (ActivityStatusCode.Error, "no", "TopicAuthorizationFailed", ActivityKind.Producer),
            (failed.Status, failed.StatusDescription, failed.GetTagItem("error.type"), failed.Kind));
        Assert.Equal((process.SpanId, process.SpanId), (failed.ParentSpanId, second.ParentSpanId));
        var context = Assert.Single(letter.Headers, header => header.Key == "traceparent");
        Assert.Equal(second.Id, Encoding.ASCII.GetString(context.GetValueBytes()));
    }

    [Fact]
    public void A_key_that_is_no_text_and_a_value_that_is_not_there_are_told_as_the_conventions_say()
    {
        var result = Result(TraceParent(sampled: true));
        (result.Message.Key, result.Message.Value) = ([0xFF], null!);
        using var span = Start(result).Span!;
        Assert.Null(span.GetTagItem("messaging.kafka.message.key"));
        Assert.Equal(true, span.GetTagItem("messaging.kafka.message.tombstone"));
        Assert.Equal(0, span.GetTagItem("messaging.message.body.size"));
    }

    [Fact]
    public async Task What_is_read_again_is_not_traced_again()
    {
        await using var scene = new ServerScene();
        var headers = new Headers { { "traceparent", Encoding.ASCII.GetBytes(TraceParent(sampled: true)) } };
        var json = DetectionEventJson.Write(Events.Of("edge-1", DateTimeOffset.UtcNow));
        await scene.PublishAsync(json, headers: headers);
        await (await scene.StartServerAsync()).SeesAsync("events", 1);
        await scene.StopServerAsync();
        await (await scene.StartServerAsync()).SeesAsync("events", 1);

        var ours = _stopped.Where(span => span.TraceId == _sender.TraceId);
        Assert.Equal(["aggregate", "process edge-data"], ours.Select(span => span.OperationName));
    }

    private MessageOperation Start(ConsumeResult<byte[], byte[]> result) =>
        _telemetry.StartProcess(result, polled: TimeSpan.Zero);

    private Activity Single(string name) =>
        Assert.Single(_stopped, span => span.TraceId == _sender.TraceId && span.OperationName == name);

    private string TraceParent(bool sampled) => $"00-{_sender.TraceId}-{_sender.SpanId}-{(sampled ? "01" : "00")}";

    private static Message<byte[], byte[]> LetterOf(ConsumeResult<byte[], byte[]> refused) => new()
    {
        Headers = DeadLetterHeaders.Create(refused.TopicPartitionOffset, refused.Message.Headers, "why"),
    };

    private static ConsumeResult<byte[], byte[]> Result(string? traceParent, string? traceState = null)
    {
        var headers = new Headers();
        if (traceParent is not null)
            headers.Add("traceparent", Encoding.ASCII.GetBytes(traceParent));
        if (traceState is not null)
            headers.Add("tracestate", Encoding.ASCII.GetBytes(traceState));
        return new ConsumeResult<byte[], byte[]>
        {
            TopicPartitionOffset = new TopicPartitionOffset("edge-data", 4, 17),
            Message = new() { Key = "edge-1"u8.ToArray(), Value = "{ }"u8.ToArray(), Headers = headers },
        };
    }
}
