using System.Diagnostics.Metrics;
using EdgeCloud.Edge.Frames;

namespace EdgeCloud.Edge.Events;

/// <summary>Metrics of the outbox, meter <see cref="FrameMetrics.MeterName"/>.</summary>
internal sealed class OutboxMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _dropped;

    public OutboxMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(FrameMetrics.MeterName);
        _commits = _meter.CreateCounter<long>("edgecloud.outbox.commits", "{transaction}", "Transactions committed to the outbox file");
        _sent = _meter.CreateCounter<long>("edgecloud.outbox.sent", "{event}", "Events that Kafka has confirmed");
        _retried = _meter.CreateCounter<long>("edgecloud.outbox.retried", "{event}", "Events sent again since their delivery failed");
        _dropped = _meter.CreateCounter<long>("edgecloud.outbox.dropped", "{event}", "Accepted events given up, by reason: size, age or refused by Kafka for good");
    }

    public void Observe(Func<long> events, Func<long> bytes, Func<double> oldestSeconds)
    {
        _meter.CreateObservableUpDownCounter("edgecloud.outbox.events", events, "{event}", "Events stored that Kafka has not confirmed");
        _meter.CreateObservableUpDownCounter("edgecloud.outbox.size", bytes, "By", "Bytes of the events stored");
        _meter.CreateObservableGauge("edgecloud.outbox.oldest.age", oldestSeconds, "s", "How long the oldest event stored has been waiting");
    }

    public void Committed() => _commits.Add(1);

    public void Sent() => _sent.Add(1);

    public void Retried() => _retried.Add(1);

    public void Dropped(string reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
