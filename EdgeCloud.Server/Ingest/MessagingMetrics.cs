using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// What OpenTelemetry's semantic conventions for messaging, 1.40, ask of a Kafka client, meter <c>EdgeCloud.Server</c>. Without partitions in the histograms,
/// where the conventions recommend them, since each would multiply the buckets.
/// </summary>
internal sealed class MessagingMetrics
{
    /// <summary>Those of the conventions, and finer ones below, since a message is processed in some 20 µs.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    /// <summary>By partition. Only read when asked for, since a start reads hundreds of thousands of messages a second.</summary>
    private readonly ConcurrentDictionary<int, StrongBox<long>> _consumed = [];

    private readonly Counter<long> _sent;
    private readonly Histogram<double> _operations;
    private readonly Histogram<double> _processing;
    private readonly KeyValuePair<string, object?>[] _poll;
    private readonly KeyValuePair<string, object?>[] _process;
    private readonly KeyValuePair<string, object?>[] _send;

    public MessagingMetrics(IMeterFactory meters, IOptions<IngestOptions> options)
    {
        KeyValuePair<string, object?> group = new(MessagingTags.ConsumerGroup, options.Value.ConsumerGroup);
        _poll = [.. MessagingTags.Of("poll", "receive", options.Value.Topic), group];
        _process = [.. MessagingTags.Of("process", "process", options.Value.Topic), group];
        _send = MessagingTags.Of("send", "send", options.Value.DeadLetterTopic);

        var meter = meters.Create("EdgeCloud.Server");
        meter.CreateObservableCounter(
            "messaging.client.consumed.messages",
            () => _consumed.Select(partition => new Measurement<long>(Volatile.Read(ref partition.Value.Value), [.. _poll, new(MessagingTags.Partition, MessagingTags.Text(partition.Key))])),
            "{message}", "Messages that the Kafka client delivered, those read again included");
        _sent = meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages that were tried to send to Kafka");
        _operations = meter.CreateHistogram("messaging.client.operation.duration", "s", "Time to poll a message, the wait for it included, or to send one", advice: Buckets);
        _processing = meter.CreateHistogram("messaging.process.duration", "s", "Time to process a message, from its delivery until it is visible or set aside", advice: Buckets);
    }

    /// <summary>The client delivered a message. For the consumer's thread alone.</summary>
    public void Consumed(int partition) => _consumed.GetOrAdd(partition, static _ => new StrongBox<long>()).Value++;

    /// <param name="duration">How long a message was waited for that is not one to be read again: those are at hand.</param>
    public void Polled(TimeSpan duration) => _operations.Record(duration.TotalSeconds, _poll);

    /// <param name="duration">How long it took.</param>
    /// <param name="errorType">Null when the message was an event.</param>
    public void Processed(TimeSpan duration, string? errorType) => _processing.Record(duration.TotalSeconds, With(_process, errorType));

    /// <param name="duration">How long it took.</param>
    /// <param name="errorType">Null when Kafka took the message; otherwise the client's code for why not.</param>
    public void Sent(TimeSpan duration, string? errorType)
    {
        var tags = With(_send, errorType);
        _sent.Add(1, tags);
        _operations.Record(duration.TotalSeconds, tags);
    }

    private static KeyValuePair<string, object?>[] With(KeyValuePair<string, object?>[] tags, string? errorType) =>
        errorType is null ? tags : [.. tags, new(MessagingTags.ErrorType, errorType)];
}
