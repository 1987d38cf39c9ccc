using Confluent.Kafka;

namespace EdgeCloud.Edge.Outbox;

/// <summary>Why Kafka will not take an event as it is, however often it is sent.</summary>
/// <param name="Kind">One of few, for metrics.</param>
/// <param name="Reason">For people.</param>
internal sealed record Rejection(string Kind, string Reason)
{
    /// <param name="isFromKafka">Otherwise it is from the client, which has sent nothing.</param>
    /// <returns>Null when the error is not about the event, which may be taken later then.</returns>
    public static Rejection? Of(Error error, string topic, bool isFromKafka) => error.Code switch
    {
        ErrorCode.MsgSizeTooLarge when !isFromKafka =>
            new("too_large", "larger than the message.max.bytes of this edge's Kafka client"),

        // A record is too large for the topic's max.message.bytes, a batch for its segment.bytes.
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize =>
            new("too_large", $"larger than the topic {topic} takes ({error.Reason})"),
        ErrorCode.InvalidTimestamp =>
            new("timestamp", $"its time is not one that the topic {topic} takes ({error.Reason})"),
        ErrorCode.InvalidMsg or ErrorCode.InvalidRecord or ErrorCode.Local_InvalidDifferentRecord =>
            new("invalid", $"not a record that the topic {topic} takes ({error.Reason})"),
        _ => null,
    };

    /// <summary>
    /// The same of an event of the second topic, which an operator may not know of: where it is not there, or the edge
    /// may not write to it, that holds up nothing else.
    /// </summary>
    public static Rejection? OfPresence(Error error, string topic, bool isFromKafka) =>
        Of(error, topic, isFromKafka) ?? (IsOfTopic(error) ? new("topic", OfAll(error, topic)) : null);

    private static bool IsOfTopic(Error error) => error.Code is ErrorCode.TopicAuthorizationFailed
        or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    /// <returns>Why no event at all is taken at the moment.</returns>
    public static string OfAll(Error error, string topic) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
            $"this edge is not authorized to write to the topic {topic} ({error.Reason})",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
            $"there is no topic {topic} ({error.Reason})",
        _ => error.Reason,
    };
}
