using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Tests.Observability;

/// <summary>
/// The table of docs/metrics.md: what the services measure, as their instruments say it and as the exporter names it.
/// </summary>
internal sealed class MetricsTable : IDisposable
{
    private readonly ConcurrentDictionary<Instrument, bool> _published = [];
    private readonly MeterListener _listener = new();

    /// <summary>
    /// Listens from now on; services that are started afterwards are in the table. A MetricCollector would have to know
    /// the names.
    /// </summary>
    public MetricsTable()
    {
        _listener.InstrumentPublished = (instrument, _) => _published[instrument] = true;
        _listener.Start();
    }

    public static string File { get; } = Path.Combine(Repository.Root, "docs", "metrics.md");

    /// <summary>The names in the checked-in table, with what a histogram adds.</summary>
    public static IEnumerable<string> SeriesNames()
    {
        foreach (var cells in System.IO.File.ReadLines(File)
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)))
        {
            var name = cells[1].Trim('`');
            yield return name;
            if (cells[2] != "histogram")
                continue;
            yield return $"{name}_bucket";
            yield return $"{name}_sum";
            yield return $"{name}_count";
        }
    }

    /// <param name="services">By name: those whose instruments are wanted.</param>
    public async Task<IReadOnlyList<string>> RowsAsync(IReadOnlyDictionary<string, IMeterFactory> services)
    {
        var instruments = services.SelectMany(service => _published.Keys
                .Where(instrument => instrument.Meter.Scope == service.Value && IsOurs(instrument))
                .Select(instrument => (Service: service.Key, Instrument: instrument)))
            .GroupBy(known => known.Instrument.Name, StringComparer.Ordinal)
            .OrderBy(known => known.Key, StringComparer.Ordinal).ToArray();
        var exported = await ExportedAsync([.. instruments.Select(known => known.First().Instrument)]);

        var rows = new List<string>();
        foreach (var known in instruments)
        {
            var instrument = known.First().Instrument;
            var (name, type) = exported[instrument.Name];
            var labels = string.Join(
                ", ", (MetricLabels.Of.GetValueOrDefault(instrument.Name) ?? []).Select(label => $"`{label}`"));
            var by = string.Join(", ", known.Select(one => one.Service).Distinct().Order(StringComparer.Ordinal));
            var meaning = string.Join("; ", known.GroupBy(one => one.Instrument.Description)
                .Select(described => described.Key).Order(StringComparer.Ordinal));
            var unit = instrument.Unit is { Length: > 0 } ucum ? $"`{ucum}`" : "";
            rows.Add($"| `{name}` | {type} | {unit} | {labels} | {by} | {meaning} | `{instrument.Name}` |");
        }

        return rows;
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsOurs(Instrument instrument) =>
        instrument.Meter.Name.StartsWith(Extensions.TelemetryPrefix, StringComparison.Ordinal)
        || instrument.Name.StartsWith("messaging.", StringComparison.Ordinal);

    /// <summary>
    /// Instruments alike, exported: the exporter itself says what it makes of a name, a unit and a kind.
    /// </summary>
    private static async Task<IReadOnlyDictionary<string, (string Name, string Type)>> ExportedAsync(
        IReadOnlyList<Instrument> instruments)
    {
        await using var app = await ScrapedApp.Start();
        foreach (var instrument in instruments)
            Imitate(app.Meter, instrument);

        var lines = (await app.ScrapeText())
            .Split('\n').Select(line => line.Split(' ')).Where(words => words[0] == "#").ToArray();
        var types = lines.Where(words => words[1] == "TYPE").ToDictionary(words => words[2], words => words[3]);
        return lines.Where(words => words[1] == "HELP" && words[2] != "target_info")
            .ToDictionary(words => words[3], words => (words[2], types[words[2]]));
    }

    /// <summary>Its description is the instrument's name, by which the exported metric is found again.</summary>
    private static void Imitate(Meter meter, Instrument instrument)
    {
        var (name, unit) = (instrument.Name, instrument.Unit);
        var kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>))
            meter.CreateCounter<double>(name, unit, name).Add(1);
        else if (kind == typeof(UpDownCounter<>) || kind == typeof(ObservableUpDownCounter<>))
            meter.CreateUpDownCounter<double>(name, unit, name).Add(1);
        else if (kind == typeof(Gauge<>) || kind == typeof(ObservableGauge<>))
            meter.CreateGauge<double>(name, unit, name).Record(1);
        else if (kind == typeof(Histogram<>))
            meter.CreateHistogram<double>(name, unit, name).Record(1);
        else
            throw new NotSupportedException($"{name} is a {kind.Name}.");
    }
}
