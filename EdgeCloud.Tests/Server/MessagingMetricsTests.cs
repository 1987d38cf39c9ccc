using Confluent.Kafka;
using EdgeCloud.Server.Ingest;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>Names, and nothing but the attributes, of OpenTelemetry's conventions for messaging.</summary>
public sealed class MessagingMetricsTests : IDisposable
{
    private const string Poll = "kafka edge-data poll receive edgecloud-server";

    private readonly FakeTimeProvider _time = new();
    private readonly Measurements _measured = new();
    private readonly MessagingTelemetry _telemetry;

    public MessagingMetricsTests() =>
        _telemetry = new MessagingTelemetry(_measured.Meters, Options.Create(new IngestOptions()), _time);

    public void Dispose() => _measured.Dispose();

    [Fact]
    public void A_poll_has_a_duration_and_what_it_delivers_is_counted_by_partition()
    {
        using var process = Start(partition: 2, polled: 0.5);
        Assert.Equal([$"messaging.client.operation.duration 0.5 {Poll}"], Lines());

        _telemetry.Consumed(2);
        _telemetry.Consumed(0);
        _measured.Clear();
        _measured.Observe();
        Assert.Equal(
            [
                $"messaging.client.consumed.messages 1 {Poll} messaging.destination.partition.id=0",
                $"messaging.client.consumed.messages 2 {Poll} messaging.destination.partition.id=2",
            ],
            Lines().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Processing_has_a_duration_and_where_the_message_was_no_event_an_error()
    {
        using var accepted = Start();
        using var refused = Start();
        _measured.Clear();

        _time.Advance(TimeSpan.FromSeconds(2));
        accepted.End();
        _time.Advance(TimeSpan.FromSeconds(1));
        refused.End("not_an_event", "Why it is none.");
        Assert.Equal(
            [
                "messaging.process.duration 2 kafka edge-data process process edgecloud-server",
                "messaging.process.duration 3 kafka edge-data process process edgecloud-server error.type=not_an_event",
            ],
            Lines());
    }

    [Fact]
    public void A_message_that_is_not_processed_to_the_end_has_no_duration()
    {
        using (Start())
            _measured.Clear();
        Assert.Empty(Lines());
    }

    [Fact]
    public void A_dead_letter_is_a_message_sent_or_one_that_was_tried_to_send()
    {
        var letter = new Message<byte[], byte[]> { Headers = [] };
        using var sent = _telemetry.StartSend(letter, original: null);
        using var tooLarge = _telemetry.StartSend(letter, original: null);
        _time.Advance(TimeSpan.FromSeconds(1));
        sent.End();
        tooLarge.End(nameof(ErrorCode.MsgSizeTooLarge), "It is too large.");
        Assert.Equal(
            [
                "messaging.client.sent.messages 1 kafka edge-data.dlq send send",
                "messaging.client.operation.duration 1 kafka edge-data.dlq send send",
                "messaging.client.sent.messages 1 kafka edge-data.dlq send send error.type=MsgSizeTooLarge",
                "messaging.client.operation.duration 1 kafka edge-data.dlq send send error.type=MsgSizeTooLarge",
            ],
            Lines());
    }

    private MessageOperation Start(int partition = 0, double polled = 0) => _telemetry.StartProcess(
        new ConsumeResult<byte[], byte[]>
        {
            TopicPartitionOffset = new TopicPartitionOffset("edge-data", partition, 0),
            Message = new Message<byte[], byte[]>(),
        },
        TimeSpan.FromSeconds(polled));

    /// <summary>The attributes that all have in one order, without their names; the others as they are.</summary>
    private IEnumerable<string> Lines()
    {
        string[] common =
        [
            "messaging.system", "messaging.destination.name", "messaging.operation.name", "messaging.operation.type",
            "messaging.consumer.group.name",
        ];
        return _measured.All.Select(measured =>
        {
            var tags = measured.Labels.ToDictionary();
            var values = common.Where(tags.ContainsKey).Select(name => tags[name])
                .Concat(tags.Where(tag => !common.Contains(tag.Key)).Select(tag => $"{tag.Key}={tag.Value}"));
            return FormattableString.Invariant($"{measured.Instrument} {measured.Value} {string.Join(' ', values)}");
        });
    }
}
