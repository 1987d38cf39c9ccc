using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.Carbon;

/// <summary>
/// Metrics of energy and carbon, meter <c>EdgeCloud.Carbon</c>; brought up to date every few seconds, so that grams are
/// counted by the intensity of their time.
/// </summary>
internal sealed class CarbonMetrics : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CarbonLedger _ledger;
    private readonly TimeProvider _time;

    public CarbonMetrics(
        IMeterFactory meters, CarbonLedger ledger, IntensityFeed intensity,
        CarbonComponent component, TimeProvider time)
    {
        (_ledger, _time) = (ledger, time);
        var meter = meters.Create("EdgeCloud.Carbon");
        meter.CreateObservableCounter(
            "edgecloud.energy", Energy, "J",
            "Energy used, modelled or measured: active is above idle, reserved is for reserved resources, used or not");
        meter.CreateObservableCounter(
            "edgecloud.carbon", Grams, "g",
            "CO2 equivalents: operational of the electricity, embodied of the hardware");
        if (component.CountsFrames)
        {
            meter.CreateObservableCounter(
                "edgecloud.frame.energy", () => ledger.Sample().FrameJoules, "J",
                "Marginal energy of the frames, modelled from their CPU time");
        }

        // The exporter makes grams_per_kWh of a unit g/kWh.
        meter.CreateObservableGauge(
            "edgecloud.carbon.intensity.grams_per_kwh", Intensity,
            description: "Carbon intensity of the electricity, as in force");
        meter.CreateObservableGauge(
            "edgecloud.carbon.intensity.age", Age, "s", "How old the carbon intensity in force is");
        var failures = meter.CreateCounter<long>(
            "edgecloud.carbon.intensity.failures", "{failure}",
            "Times that the provider of the carbon intensity had nothing to give");
        intensity.Failed += () => failures.Add(1);
        failures.Add(0);

        IEnumerable<Measurement<double>> Energy()
        {
            var totals = ledger.Sample();
            yield return new(
                totals.Active.Mean, new("component", component.Name), new("share", "active"),
                new("method", ledger.Method));
            yield return new(
                totals.Reserved.Mean, new("component", component.Name), new("share", "reserved"),
                new("method", ledger.Method));
        }

        IEnumerable<Measurement<double>> Grams()
        {
            var totals = ledger.Sample();
            yield return new(totals.OperationalGrams, new KeyValuePair<string, object?>("scope", "operational"));
            yield return new(totals.EmbodiedGrams, new KeyValuePair<string, object?>("scope", "embodied"));
        }

        Measurement<double> Intensity() => new(
            intensity.Current.GramsPerKwh, new("location", intensity.Current.Location),
            new("source", intensity.Current.Source));

        IEnumerable<Measurement<double>> Age() =>
            intensity.Age is { } age ? [new Measurement<double>(age.TotalSeconds)] : [];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Interval, _time);
        while (await pace.WaitForNextTickAsync(stoppingToken))
            _ledger.Sample();
    }
}

/// <summary>Which service this is.</summary>
/// <param name="Name">Its name in metrics and reports.</param>
/// <param name="CountsFrames">Whether frames pass it, the R of the software carbon intensity.</param>
internal sealed record CarbonComponent(string Name, bool CountsFrames);
