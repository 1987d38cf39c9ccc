using System.Diagnostics.Metrics;
using EdgeCloud.Contract;
using EdgeCloud.Server.Live;

namespace EdgeCloud.Server.Ingest;

/// <summary>Metrics of the way from Kafka to whoever looks at the server, meter <c>EdgeCloud.Server</c>.</summary>
internal sealed class IngestMetrics
{
    /// <summary>From what a frame takes at least to what an edge without a connection may have stored.</summary>
    private static readonly InstrumentAdvice<double> FreshnessBuckets = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
    };

    private readonly RecentEvents _recent;
    private readonly TimeProvider _time;
    private readonly Counter<long> _messages;
    private readonly Histogram<double> _freshness;

    public IngestMetrics(IMeterFactory meters, RecentEvents recent, ConsumerLag lag, LiveFeed feed, TimeProvider time)
    {
        (_recent, _time) = (recent, time);
        var meter = meters.Create("EdgeCloud.Server");
        _messages = meter.CreateCounter<long>("edgecloud.messages", "{message}", "Messages read from Kafka, by outcome");
        _freshness = meter.CreateHistogram(
            "edgecloud.freshness", "s", "Time from when a frame was captured, or else accepted at the edge, until its event was visible here", advice: FreshnessBuckets);
        meter.CreateObservableGauge(
            "edgecloud.consumer.lag", () => lag.Read().Select(partition => new Measurement<long>(partition.Messages, Tag(partition))), "{message}",
            "Messages of a partition that are still to be read");
        meter.CreateObservableGauge(
            "edgecloud.consumer.lag.time", () => lag.Read().Select(partition => new Measurement<double>(partition.Time.TotalSeconds, Tag(partition))), "s",
            "How long the oldest message still to be read has been in Kafka, at most; 0 when there is none");
        meter.CreateObservableUpDownCounter("edgecloud.live.clients", () => feed.Listeners, "{client}", "Listeners of the live stream");
    }

    /// <summary>
    /// A new event that can be seen from now on. What was captured later than now has a clock of its own; nobody knows how fresh it is, and it is left out of
    /// the freshness.
    /// </summary>
    public void Event(in EventSummary summary)
    {
        Count("event");
        var freshness = _time.GetUtcNow() - (summary.CapturedAt ?? summary.Timestamp);
        var isKnown = freshness >= TimeSpan.Zero;
        if (isKnown)
            _freshness.Record(freshness.TotalSeconds);
        _recent.Add(isKnown ? freshness : null);
    }

    public void Duplicate() => Count("duplicate");

    public void DeadLetter() => Count("dead_letter");

    /// <summary>A message of any kind that the group had finished with before, read again to rebuild the state.</summary>
    public void Replay() => Count("replay");

    private void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static KeyValuePair<string, object?> Tag(PartitionLag partition) => new(MessagingTags.Partition, MessagingTags.Text(partition.Partition));
}
