using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace EdgeCloud.Contract;

/// <summary>
/// The headers of a dead letter: those of the original, and <c>dlq_…</c> for why it was refused and where it lay. A
/// receipt is a message on the same topic, without key or value, that says a dead letter was sent again.
/// </summary>
public static class DeadLetterHeaders
{
    public const string Reason = "dlq_reason";
    public const string Topic = "dlq_topic";
    public const string Partition = "dlq_partition";
    public const string Offset = "dlq_offset";

    /// <summary>
    /// The original's size in bytes; only there when it was too large for the topic, and of the value the beginning is
    /// kept, or nothing.
    /// </summary>
    public const string OriginalSize = "dlq_original_size";

    /// <summary>In a receipt: the partition and the offset of the dead letter itself.</summary>
    public const string ReplayedPartition = "dlq_replayed_partition";

    /// <inheritdoc cref="ReplayedPartition"/>
    public const string ReplayedOffset = "dlq_replayed_offset";

    private const string Prefix = "dlq_";
    internal const string OriginalTraceParent = Prefix + MessagingTags.TraceParent;

    /// <param name="origin">Where the original lies.</param>
    /// <param name="original">Its headers.</param>
    /// <param name="reason">Why it was refused.</param>
    /// <param name="originalSizeBytes">Given when the letter does not hold all of the original.</param>
    public static Headers Create(
        TopicPartitionOffset origin, Headers? original, string reason, long? originalSizeBytes = null)
    {
        var headers = new Headers();
        foreach (var header in original ?? [])
        {
            // The dead letter is traced anew; where the original came from stays readable. And nobody outside says what
            // only this class may say.
            if (header.Key == MessagingTags.TraceParent)
                headers.Add(OriginalTraceParent, header.GetValueBytes());
            else if (!header.Key.StartsWith(Prefix, StringComparison.Ordinal))
                headers.Add(header.Key, header.GetValueBytes());
        }

        headers.Add(Reason, Encoding.UTF8.GetBytes(reason));
        headers.Add(Topic, Encoding.UTF8.GetBytes(origin.Topic));
        headers.Add(Partition, Text(origin.Partition.Value));
        headers.Add(Offset, Text(origin.Offset.Value));
        if (originalSizeBytes is { } size)
            headers.Add(OriginalSize, Text(size));
        return headers;
    }

    /// <returns>The headers that the original had.</returns>
    public static Headers Original(Headers letter)
    {
        var headers = new Headers();
        foreach (var header in letter)
        {
            if (header.Key == OriginalTraceParent)
                headers.Add(MessagingTags.TraceParent, header.GetValueBytes());
            else if (!header.Key.StartsWith(Prefix, StringComparison.Ordinal))
                headers.Add(header.Key, header.GetValueBytes());
        }

        return headers;
    }

    /// <returns>The headers of the receipt for a dead letter.</returns>
    public static Headers CreateReceipt(TopicPartitionOffset letter) => new()
    {
        { ReplayedPartition, Text(letter.Partition.Value) },
        { ReplayedOffset, Text(letter.Offset.Value) },
    };

    /// <returns>The header's text, or null when it is not there.</returns>
    public static string? Find(Headers headers, string name) =>
        headers.TryGetLastBytes(name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : null;

    private static byte[] Text(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
