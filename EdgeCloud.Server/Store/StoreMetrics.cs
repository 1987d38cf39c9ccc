using System.Diagnostics.Metrics;

namespace EdgeCloud.Server.Store;

/// <summary>Metrics of the store.</summary>
internal sealed class StoreMetrics
{
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Histogram<double> _writes;
    private readonly Counter<long> _written;
    private readonly Counter<long> _pruned;

    public StoreMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ServerTelemetry.Name);
        _writes = meter.CreateHistogram(
            "edgecloud.store.write.duration", "s", "Time to write a batch of messages to the history, with its commit",
            advice: Buckets);
        _written = meter.CreateCounter<long>(
            "edgecloud.store.messages", "{message}", "Messages whose counts and positions were written to the history");
        _pruned = meter.CreateCounter<long>(
            "edgecloud.store.pruned", "{row}", "Rows that were dropped from the history since their time had passed");
    }

    public void Written(EventBatch batch, TimeSpan duration)
    {
        _writes.Record(duration.TotalSeconds);
        _written.Add(batch.Messages);
    }

    public void Pruned(int rows) => _pruned.Add(rows);
}
