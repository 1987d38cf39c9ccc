using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Contract;

public sealed class MessageHeaderTests
{
    [Fact]
    public void A_message_is_a_CloudEvent_in_binary_mode_keyed_by_the_device()
    {
        var message = DetectionTopic.CreateMessage(
            "edge-7", new Guid("019b7033-f6d6-7000-8000-0123456789ab"),
            new DateTimeOffset(2025, 12, 30, 15, 14, 34, TimeSpan.Zero), [1, 2, 3]);

        Assert.Equal("edge-7", message.Key);
        Assert.Equal([1, 2, 3], message.Value);
        Assert.Equal(
            [
                ("ce_specversion", "1.0"),
                ("ce_id", "019b7033-f6d6-7000-8000-0123456789ab"),
                ("ce_source", "/edgecloud/edge/edge-7"),
                ("ce_type", "edgecloud.detection.v1"),
                ("ce_time", "2025-12-30T15:14:34.000000Z"),
                ("content-type", "application/json"),
            ],
            message.Headers.Select(Text));
    }

    [Fact]
    public void A_dead_letter_keeps_the_original_headers_and_says_why_and_where_from()
    {
        var headers = DeadLetterHeaders.Create(
            new TopicPartitionOffset("edge-data", 3, 42),
            new Headers { { "ce_id", "x"u8.ToArray() }, { "traceparent", "00-a-b-01"u8.ToArray() } }, "not an event");

        Assert.Equal(
            [("ce_id", "x"), ("dlq_traceparent", "00-a-b-01"), ("dlq_reason", "not an event"),
                ("dlq_topic", "edge-data"), ("dlq_partition", "3"), ("dlq_offset", "42")],
            headers.Select(Text));
    }

    private static (string, string) Text(IHeader header) =>
        (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()));
}
