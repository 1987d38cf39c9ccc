using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;
using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// The spans and the metrics that OpenTelemetry's semantic conventions for messaging, 1.40, ask of a Kafka client.
/// Without partitions in the histograms, where the conventions recommend them, since each would multiply the buckets.
/// Whether a trace is recorded is decided where it begins: of a message whose sender decided against it nothing is
/// started here.
/// </summary>
internal sealed class MessagingTelemetry
{
    /// <summary>Longer keys are no device's.</summary>
    private const int MaxKeyBytes = 256;

    private static readonly ActivitySource Activities = new(ServerTelemetry.Name);

    /// <summary>Those of the conventions, and finer ones below, since a message is processed in some 20 µs.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries =
        [
            0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
            0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
        ],
    };

    /// <summary>By partition. Read when asked for, since a start reads hundreds of thousands a second.</summary>
    private readonly ConcurrentDictionary<int, StrongBox<long>> _consumed = [];

    private readonly IngestOptions _options;
    private readonly TimeProvider _time;
    private readonly Counter<long> _sent;
    private readonly Histogram<double> _operations;
    private readonly Histogram<double> _processing;
    private readonly KeyValuePair<string, object?>[] _poll;
    private readonly KeyValuePair<string, object?>[] _process;
    private readonly KeyValuePair<string, object?>[] _send;

    public MessagingTelemetry(IMeterFactory meters, IOptions<IngestOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        KeyValuePair<string, object?> group = new(MessagingTags.ConsumerGroup, _options.ConsumerGroup);
        _poll = [.. MessagingTags.Of("poll", "receive", _options.Topic), group];
        _process = [.. MessagingTags.Of("process", "process", _options.Topic), group];
        _send = MessagingTags.Of("send", "send", _options.DeadLetterTopic);

        var meter = meters.Create(ServerTelemetry.Name);
        meter.CreateObservableCounter(
            "messaging.client.consumed.messages", () => _consumed.Select(ByPartition), "{message}",
            "Messages that the Kafka client delivered, those read again included");
        _sent = meter.CreateCounter<long>(
            "messaging.client.sent.messages", "{message}", "Messages that were tried to send to Kafka");
        _operations = meter.CreateHistogram(
            "messaging.client.operation.duration", "s",
            "Time to poll a message, the wait for it included, or to send one", advice: Buckets);
        _processing = meter.CreateHistogram(
            "messaging.process.duration", "s",
            "Time to process a message, from its delivery until it is visible or set aside", advice: Buckets);
    }

    /// <summary>The client delivered a message. For the consumer's thread alone.</summary>
    public void Consumed(int partition) => _consumed.GetOrAdd(partition, static _ => new StrongBox<long>()).Value++;

    /// <param name="result">A message that is not read again.</param>
    /// <param name="polled">How long it was waited for.</param>
    public MessageOperation StartProcess(ConsumeResult<byte[], byte[]> result, TimeSpan polled)
    {
        Consumed(result.Partition);
        _operations.Record(polled.TotalSeconds, _poll);
        var started = _time.GetTimestamp();
        return new MessageOperation(StartSpan(result), _time, started, _process, _processing, Counter: null);
    }

    /// <summary>The letter carries the context of its sending on, or where that is not recorded the
    /// original's.</summary>
    public MessageOperation StartSend(Message<byte[], byte[]> letter, Headers? original)
    {
        var started = _time.GetTimestamp();
        var span = Activity.Current is null ? null : Activities.StartSend(_options.DeadLetterTopic);
        Describe(span, letter);
        letter.Headers.Remove(MessagingTags.TraceParent);
        if ((span?.Id ?? Find(original, MessagingTags.TraceParent)) is { } traceParent)
            letter.Headers.Add(MessagingTags.TraceParent, Encoding.ASCII.GetBytes(traceParent));
        return new MessageOperation(span, _time, started, _send, _operations, _sent);
    }

    private Activity? StartSpan(ConsumeResult<byte[], byte[]> result)
    {
        if (!Activities.HasListeners())
            return null;
        var headers = result.Message.Headers;
        var (parent, state) = (Find(headers, MessagingTags.TraceParent), Find(headers, MessagingTags.TraceState));
        var isChild = ActivityContext.TryParse(parent, state, isRemote: true, out var sender);
        if (isChild && !sender.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            return null;

        var span = Activities.StartProcess(result.Topic, sender);
        Describe(span, result.Message);
        span?.SetTag(MessagingTags.ConsumerGroup, _options.ConsumerGroup);
        return span.SetPosition(result.Partition, result.Offset);
    }

    private Measurement<long> ByPartition(KeyValuePair<int, StrongBox<long>> consumed) => new(
        Volatile.Read(ref consumed.Value.Value),
        [.. _poll, new(MessagingTags.Partition, MessagingTags.Text(consumed.Key))]);

    private static void Describe(Activity? span, Message<byte[], byte[]> message)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        if (message.Key is { Length: <= MaxKeyBytes } key && Utf8.IsValid(key))
            span.SetTag(MessagingTags.Key, Encoding.UTF8.GetString(key));
        if (message.Value is null)
            span.SetTag(MessagingTags.Tombstone, true);
        span.SetTag(MessagingTags.BodySize, message.Value?.Length ?? 0);
    }

    private static string? Find(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) && value is not null
            ? Encoding.ASCII.GetString(value) : null;
}

/// <summary>One operation on a message. Disposed without having ended, it was cancelled, and is not measured.</summary>
internal readonly record struct MessageOperation(
    Activity? Span, TimeProvider Time, long Started, KeyValuePair<string, object?>[] Tags, Histogram<double> Durations,
    Counter<long>? Counter) : IDisposable
{
    /// <summary>The event becoming visible: in the store, and to those who listen.</summary>
    /// <param name="started">When it began.</param>
    public Activity? StartAggregate(DateTimeOffset started) =>
        Span?.Source.StartActivity(ActivityKind.Internal, Span.Context, startTime: started, name: "aggregate");

    /// <param name="errorType">Null when it succeeded.</param>
    /// <param name="description">Why it did not.</param>
    public void End(string? errorType = null, string? description = null)
    {
        if (errorType is not null)
            Span.Fail(errorType, description);
        KeyValuePair<string, object?>[] tags =
            errorType is null ? Tags : [.. Tags, new(MessagingTags.ErrorType, errorType)];
        Counter?.Add(1, tags);
        Durations.Record(Time.GetElapsedTime(Started).TotalSeconds, tags);
    }

    public void Dispose() => Span?.Dispose();
}
