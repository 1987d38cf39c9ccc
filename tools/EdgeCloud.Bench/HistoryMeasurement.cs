using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using EdgeCloud.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>history [HISTORY]</c>: fills a store with a month of a hundred devices, a frame a minute each, and asks it what
/// the live page and people ask; the median of eleven answers each, written as JSON. Then it drops two days of that.
/// HISTORY is the connection string of an empty PostgreSQL; without it, a file.
/// </summary>
internal static class HistoryMeasurement
{
    private const int Devices = 100;
    private const int Days = 30;
    private const int Answers = 11;

    public static async Task RunAsync(string? connection)
    {
        var folder = Directory.CreateTempSubdirectory("edgecloud-");
        using var engine = SqlEngine.Of(connection ?? $"Data Source={Path.Combine(folder.FullName, "history.db")}");
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var metrics = new StoreMetrics(meters);
        using var store = new EventStore(
            engine, metrics, Options.Create(new DeviceOptions()), Options.Create(new HistoryOptions()),
            TimeProvider.System, NullLogger<EventStore>.Instance);
        var now = DateTimeOffset.UtcNow;
        var started = Stopwatch.GetTimestamp();
        Fill(store, now);
        Say($"{engine.Name}: filled in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");

        var history = new History(store);
        Measure(history, now, new HistoryParameters([], "-24h", "now", "5m"));
        Measure(history, now, new HistoryParameters([], "-24h", "now", "5m", "device"));
        Measure(history, now, new HistoryParameters([], "-30d", "now", "1h"));
        Measure(history, now, new HistoryParameters([], "-30d", "now", "1h", "device"));
        Measure(history, now, new HistoryParameters(["device-7"], "-24h", "now", "1m"));
        await PruneAsync(meters, store);
        folder.Delete(recursive: true);
    }

    private static void Fill(EventStore store, DateTimeOffset now)
    {
        var batch = store.CreateBatch();
        Position? before = null;
        long offset = 0;
        for (var time = now.AddDays(-Days); time < now; time = time.AddMinutes(1))
        {
            for (var device = 0; device < Devices; device++)
            {
                var summary = new EventSummary(
                    $"device-{device}", time, device % 4, null, null, time, Faces: device % 4);
                var counted = new CountedEvent(summary, "{}"u8.ToArray(), 0, offset, time, time)
                {
                    Freshness = TimeSpan.FromMilliseconds(5),
                    Joules = 0.006,
                    Grams = 1e-6,
                };
                batch.Add(batch.Handled(0, before, new Position("log", ++offset, 0)), counted, now);
            }

            if (batch.Messages < 20_000)
                continue;
            store.Write(batch, DetectionTopic.Name);
            before = batch.Partitions[0].After;
            batch.Clear();
        }

        store.Write(batch, DetectionTopic.Name);
    }

    private static void Measure(History history, DateTimeOffset now, HistoryParameters parameters)
    {
        if (!HistoryQuery.TryParse(parameters, now, history.MinutesFor, out var query, out var problem))
            throw new ArgumentException(problem, nameof(parameters));
        List<double> milliseconds = [];
        var buckets = 0;
        for (var i = 0; i < Answers; i++)
        {
            var started = Stopwatch.GetTimestamp();
            buckets = history.Read(query).Select(bucket => bucket.ToItem()).Count();
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var (series, devices) =
            (query.ByDevice ? "by device" : "together", query.DeviceIds.Count > 0 ? "one device" : "all devices");
        Say($"  {parameters.From} by {parameters.Bucket}, {devices} {series}: {buckets} buckets");
        Say($"    {milliseconds.Order().ElementAt(Answers / 2):F0} ms, the first {milliseconds[0]:F0} ms");
    }

    /// <summary>Drops two days of minutes, and measures the store as each minute.</summary>
    private static async Task PruneAsync(IMeterFactory meters, EventStore store)
    {
        var shorter = Options.Create(new HistoryOptions { MinutesFor = TimeSpan.FromDays(Days - 2) });
        var gauges = new StoreGauges(meters, store, shorter, TimeProvider.System);
        using var retention = new Retention(store, gauges, shorter, TimeProvider.System);
        var before = Rows();
        var started = Stopwatch.GetTimestamp();
        gauges.Measure();
        Say($"  {before} rows, measured in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        started = Stopwatch.GetTimestamp();
        await retention.PruneAsync(CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var dropped = before - Rows();
        Say($"  {dropped} of them dropped in {seconds:F1} s, {dropped / seconds:F0} a second");

        long Rows() => store.Read("SELECT COUNT(*) FROM counts", static row => row.GetWhole(0)).Single();
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
