using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// Metrics of the outbox and of sending, meter <see cref="EdgeTelemetry.Name"/>. Those named messaging. are
/// OpenTelemetry's, by its semantic conventions of version 1.40.
/// </summary>
internal sealed class OutboxMetrics
{
    /// <summary>Seconds, as the conventions advise.</summary>
    private static readonly InstrumentAdvice<double> Operations = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    private readonly StageMetrics _stages;
    private readonly Meter _meter;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _sentMessages;
    private readonly Histogram<double> _operations;

    public OutboxMetrics(IMeterFactory meters, StageMetrics stages)
    {
        _stages = stages;
        _meter = meters.Create(EdgeTelemetry.Name);
        _commits = _meter.CreateCounter<long>(
            "edgecloud.outbox.commits", "{transaction}", "Transactions committed to the outbox file");
        _sent = _meter.CreateCounter<long>("edgecloud.outbox.sent", "{event}", "Events that Kafka has confirmed");
        _retried = _meter.CreateCounter<long>(
            "edgecloud.outbox.retried", "{event}", "Events sent again since their delivery failed");
        _dropped = _meter.CreateCounter<long>(
            "edgecloud.outbox.dropped", "{event}",
            "Accepted events given up, by reason: size or age");
        _rejected = _meter.CreateCounter<long>(
            "edgecloud.outbox.rejected", "{event}",
            "Events set aside since Kafka rejects them, by reason: too_large, timestamp, invalid or topic");
        _sentMessages = _meter.CreateCounter<long>(
            "messaging.client.sent.messages", "{message}", "Messages that the producer tried to send to the broker");
        _operations = _meter.CreateHistogram(
            "messaging.client.operation.duration", "s",
            "Time from handing a message to the Kafka client to its delivery report", advice: Operations);
    }

    public void Observe(Func<long> events, Func<long> setAside, Func<long> bytes, Func<double> oldestSeconds)
    {
        _meter.CreateObservableUpDownCounter(
            "edgecloud.outbox.events", events, "{event}",
            "Events stored that Kafka has not confirmed, without those set aside");
        _meter.CreateObservableUpDownCounter(
            "edgecloud.outbox.set_aside", setAside, "{event}",
            "Events that lie set aside in the outbox, since Kafka rejects them");
        _meter.CreateObservableUpDownCounter(
            "edgecloud.outbox.size", bytes, "By", "Bytes of the events stored, with those set aside");
        _meter.CreateObservableGauge(
            "edgecloud.outbox.oldest.age", oldestSeconds, "s", "How long the oldest event stored has been waiting");
    }

    public void Committed() => _commits.Add(1);

    public void Sent() => _sent.Add(1);

    /// <param name="age">Since the event was stored.</param>
    public void Published(TimeSpan age) => _stages.Done("publish", age);

    public void Retried() => _retried.Add(1);

    /// <summary>An attempt to send has ended, well or not.</summary>
    /// <param name="operation">As <see cref="MessagingTags.Of"/> describes it.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="error">Why it failed, or no error.</param>
    public void Sending(ReadOnlySpan<KeyValuePair<string, object?>> operation, TimeSpan duration, Error error)
    {
        var tags = new TagList(operation);
        if (error.IsError)
            tags.Add(MessagingTags.ErrorType, error.Code.ToString());
        _sentMessages.Add(1, tags);
        _operations.Record(duration.TotalSeconds, tags);
    }

    public void Rejected(string kind) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", kind));

    public void Dropped(string reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
