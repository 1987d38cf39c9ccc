using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// What all instruments of one meter factory measure, from now on, in its order: MetricCollector is for one instrument,
/// and cannot say that nothing else was measured. Others of this process have meters of the same name.
/// </summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<Measured> _all = [];
    private readonly MeterListener _listener = new();
    private readonly ServiceProvider? _services;

    public Measurements(IMeterFactory meters)
    {
        Meters = meters;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Of a meter factory of its own.</summary>
    public Measurements()
        : this(new ServiceCollection().AddMetrics().BuildServiceProvider())
    {
    }

    private Measurements(ServiceProvider services)
        : this(services.GetRequiredService<IMeterFactory>()) => _services = services;

    public IMeterFactory Meters { get; }

    public IReadOnlyList<Measured> All => [.. _all];

    public IReadOnlyList<Measured> Of(string instrument) => [.. _all.Where(each => each.Instrument == instrument)];

    /// <summary>
    /// What a counter has come to, or an observed value is; with <c>/tag</c> behind the name for one that has a tag.
    /// </summary>
    public long Count(string instrument)
    {
        Observe();
        var measured = _all.Where(each => Name(each) == instrument).ToArray();
        return measured is [.., { IsObserved: true } last] ? (long)last.Value : (long)measured.Sum(each => each.Value);

        static string Name(Measured each) =>
            each.Labels is [{ Value: string tag }] ? $"{each.Instrument}/{tag}" : each.Instrument;
    }

    /// <summary>Asks the observable instruments, as a scrape does.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Clear() => _all.Clear();

    public void Dispose()
    {
        _listener.Dispose();
        _services?.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        _all.Enqueue(new Measured(instrument.Name, value, labels.ToArray(), instrument.IsObservable));

    public sealed record Measured(
        string Instrument, double Value, IReadOnlyList<KeyValuePair<string, object?>> Labels, bool IsObserved)
    {
        /// <summary>The labels as key=value, in the order of their keys.</summary>
        public string Tags =>
            string.Join(' ', Labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));
    }
}
