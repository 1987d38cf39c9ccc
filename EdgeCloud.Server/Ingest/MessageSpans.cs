using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// The server's part of a frame's trace, activity source <c>EdgeCloud.Server</c>. Whether a trace is recorded is decided where it begins: of a message whose
/// sender decided against it nothing is started here.
/// </summary>
internal static class MessageSpans
{
    /// <summary>Longer keys are no device's.</summary>
    private const int MaxKeyBytes = 256;

    private static readonly ActivitySource Activities = new("EdgeCloud.Server");

    /// <summary>The processing of one message: a child of what its sender did, and linked to it.</summary>
    /// <returns>Null when it is not recorded.</returns>
    public static Activity? StartProcess(ConsumeResult<byte[], byte[]> result, string consumerGroup)
    {
        if (!Activities.HasListeners())
            return null;
        var headers = result.Message.Headers;
        var isChild = ActivityContext.TryParse(Find(headers, MessagingTags.TraceParent), Find(headers, MessagingTags.TraceState), isRemote: true, out var sender);
        if (isChild && !sender.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            return null;

        var span = Activities.StartActivity(MessagingTags.SpanName(MessagingTags.Process, result.Topic), ActivityKind.Consumer, sender, links: isChild ? [new ActivityLink(sender)] : null);
        if (span is { IsAllDataRequested: true })
        {
            Describe(span.SetOperation(MessagingTags.Process, result.Topic), result.Message);
            span.SetTag(MessagingTags.ConsumerGroup, consumerGroup);
            span.SetPosition(result.Partition, result.Offset);
        }

        return span;
    }

    /// <summary>The event becoming visible: in the registry, and to those who listen.</summary>
    /// <param name="process">The processing of its message; null when that is not recorded.</param>
    public static Activity? StartAggregate(Activity? process) => process is null ? null : Activities.StartActivity("aggregate");

    /// <summary>Sending a message, which from now on carries the context of this, or of the original where this is not recorded.</summary>
    public static Activity? StartSend(string topic, Message<byte[], byte[]> message, Headers? original)
    {
        var span = Activity.Current is null ? null : Activities.StartActivity(MessagingTags.SpanName(MessagingTags.Send, topic), ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
            Describe(span.SetOperation(MessagingTags.Send, topic), message);
        message.Headers.Remove(MessagingTags.TraceParent);
        if ((span?.Id ?? Find(original, MessagingTags.TraceParent)) is { } traceParent)
            message.Headers.Add(MessagingTags.TraceParent, Encoding.ASCII.GetBytes(traceParent));
        return span;
    }

    private static void Describe(Activity span, Message<byte[], byte[]> message)
    {
        if (message.Key is { Length: <= MaxKeyBytes } key && Utf8.IsValid(key))
            span.SetTag(MessagingTags.Key, Encoding.UTF8.GetString(key));
        if (message.Value is null)
            span.SetTag(MessagingTags.Tombstone, true);
        span.SetTag(MessagingTags.BodySize, message.Value?.Length ?? 0);
    }

    private static string? Find(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) && value is not null ? Encoding.ASCII.GetString(value) : null;
}
