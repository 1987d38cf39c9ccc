using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Server;

/// <summary>What the instruments of one meter factory measure. Others of this process have meters of the same name.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == Meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IMeterFactory Meters { get; }

    public ConcurrentQueue<(string Instrument, double Value, KeyValuePair<string, object?>[] Tags)> All { get; } = [];

    public double[] Of(string instrument) => [.. All.Where(measurement => measurement.Instrument == instrument).Select(measurement => measurement.Value)];

    /// <summary>Asks the observable instruments, as a scrape does; what was measured before is gone.</summary>
    public void Observe()
    {
        All.Clear();
        _listener.RecordObservableInstruments();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => All.Enqueue((instrument.Name, value, tags.ToArray()));
}
