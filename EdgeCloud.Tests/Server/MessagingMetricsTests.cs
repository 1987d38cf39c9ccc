using Confluent.Kafka;
using EdgeCloud.Server.Ingest;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>Names, and nothing but the attributes, of OpenTelemetry's conventions for messaging.</summary>
public sealed class MessagingMetricsTests : IDisposable
{
    private readonly Measurements _measured = new();
    private readonly MessagingMetrics _metrics;

    public MessagingMetricsTests() => _metrics = new MessagingMetrics(_measured.Meters, Options.Create(new IngestOptions()));

    public void Dispose() => _measured.Dispose();

    [Fact]
    public void A_poll_has_a_duration_and_what_it_delivers_is_counted_by_partition()
    {
        _metrics.Polled(TimeSpan.FromSeconds(0.5));
        Assert.Equal(["messaging.client.operation.duration 0.5 kafka edge-data poll receive edgecloud-server"], Lines());

        _metrics.Consumed(2);
        _metrics.Consumed(2);
        _metrics.Consumed(0);
        _measured.Clear();
        _measured.Observe();
        Assert.Equal(
            [
                "messaging.client.consumed.messages 1 kafka edge-data poll receive edgecloud-server messaging.destination.partition.id=0",
                "messaging.client.consumed.messages 2 kafka edge-data poll receive edgecloud-server messaging.destination.partition.id=2",
            ],
            Lines().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Processing_has_a_duration_and_where_the_message_was_no_event_an_error()
    {
        _metrics.Processed(TimeSpan.FromSeconds(2), null);
        _metrics.Processed(TimeSpan.FromSeconds(3), "not_an_event");
        Assert.Equal(
            ["messaging.process.duration 2 kafka edge-data process process edgecloud-server", "messaging.process.duration 3 kafka edge-data process process edgecloud-server error.type=not_an_event"],
            Lines());
    }

    [Fact]
    public void A_dead_letter_is_a_message_sent_or_one_that_was_tried_to_send()
    {
        _metrics.Sent(TimeSpan.FromSeconds(1), null);
        _metrics.Sent(TimeSpan.FromSeconds(1), nameof(ErrorCode.MsgSizeTooLarge));
        Assert.Equal(
            [
                "messaging.client.sent.messages 1 kafka edge-data.dlq send send",
                "messaging.client.operation.duration 1 kafka edge-data.dlq send send",
                "messaging.client.sent.messages 1 kafka edge-data.dlq send send error.type=MsgSizeTooLarge",
                "messaging.client.operation.duration 1 kafka edge-data.dlq send send error.type=MsgSizeTooLarge",
            ],
            Lines());
    }

    /// <summary>The attributes that all have in one order, without their names; the others as they are.</summary>
    private IEnumerable<string> Lines()
    {
        string[] common = ["messaging.system", "messaging.destination.name", "messaging.operation.name", "messaging.operation.type", "messaging.consumer.group.name"];
        return _measured.All.Select(measured =>
        {
            var tags = measured.Labels.ToDictionary();
            var values = common.Where(tags.ContainsKey).Select(name => tags[name]).Concat(tags.Where(tag => !common.Contains(tag.Key)).Select(tag => $"{tag.Key}={tag.Value}"));
            return FormattableString.Invariant($"{measured.Instrument} {measured.Value} {string.Join(' ', values)}");
        });
    }
}
