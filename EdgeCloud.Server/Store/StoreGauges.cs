using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Store;

/// <summary>
/// What the store amounts to, as it was measured last: a scrape asks no database, so that one that does not answer
/// takes no metrics with it.
/// </summary>
internal sealed class StoreGauges
{
    /// <summary>
    /// How many times as long as it took to count the rows they are not counted again. SQLite reads its file for it:
    /// up to 0.8 s for a month of a hundred devices, by docs/benchmarks.md, while the file is in memory.
    /// </summary>
    private const int PauseFactor = 1000;

    private readonly EventStore _store;
    private readonly IOptions<HistoryOptions> _options;
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?> _system;
    private volatile Measured? _measured;
    private IReadOnlyList<KeyValuePair<string, long>> _rows = [];
    private TimeSpan _pause;
    private long _counted;

    public StoreGauges(
        IMeterFactory meters, EventStore store, IOptions<HistoryOptions> options, TimeProvider time)
    {
        (_store, _options, _time) = (store, options, time);
        _system = new("db.system.name", store.Engine.Name);
        var meter = meters.Create(ServerTelemetry.Name);
        meter.CreateObservableGauge(
            "edgecloud.store.up", () => new Measurement<int>(_store.IsAway ? 0 : 1, _system), null,
            "1 while the history can be reached and written, as far as that was tried; else 0");
        meter.CreateObservableGauge(
            "edgecloud.store.size", Size, "By", "Bytes of the history's database, with room that is free in it");
        meter.CreateObservableGauge(
            "edgecloud.store.rows", Rows, "{row}", "Rows of the history by table; of PostgreSQL its estimate");
        meter.CreateObservableGauge(
            "edgecloud.store.overdue", Overdue, "s",
            "How long the oldest counts of the history have been past their time; 0 when none are");
    }

    /// <exception cref="System.Data.Common.DbException">The engine is away.</exception>
    public void Measure()
    {
        if (_time.GetElapsedTime(_counted) >= _pause)
        {
            var started = _time.GetTimestamp();
            _rows = _store.Read(
                _store.Engine.RowsQuery, static row => KeyValuePair.Create(row.GetString(0), row.GetWhole(1)));
            _counted = _time.GetTimestamp();
            _pause = PauseFactor * _time.GetElapsedTime(started, _counted);
        }

        var size = _store.Read(_store.Engine.SizeQuery, static row => row.GetWhole(0)).Single();
        var due = _options.Value.Buckets().Select(Due).Min();
        _measured = new Measured(size, _rows, due);
    }

    /// <returns>When the first counts are past their time; null when there are none.</returns>
    private DateTimeOffset? Due((int Seconds, TimeSpan KeptFor) bucket) =>
        _store.Read(
                "SELECT MIN(start) FROM counts WHERE seconds = @seconds",
                static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), ("seconds", bucket.Seconds)).Single()
            is { } start
            ? DateTimeOffset.FromUnixTimeSeconds(start + bucket.Seconds) + bucket.KeptFor
            : null;

    private IEnumerable<Measurement<long>> Size() => _measured is { } measured ? [new(measured.Bytes, _system)] : [];

    private IEnumerable<Measurement<long>> Rows() => _measured is { } measured
        ? measured.Rows.Select(
            table => new Measurement<long>(table.Value, _system, new("db.collection.name", table.Key)))
        : [];

    private IEnumerable<Measurement<double>> Overdue() => _measured is { } measured
        ? [new(Math.Max(0, (_time.GetUtcNow() - (measured.Due ?? DateTimeOffset.MaxValue)).TotalSeconds))]
        : [];

    private sealed record Measured(
        long Bytes, IReadOnlyList<KeyValuePair<string, long>> Rows, DateTimeOffset? Due);
}
