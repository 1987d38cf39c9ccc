using System.Diagnostics.Metrics;
using EdgeCloud.Server.Devices;

namespace EdgeCloud.Server.Ingest;

/// <summary>Metrics of the way from Kafka into the registry, meter <c>EdgeCloud.Server</c>.</summary>
internal sealed class IngestMetrics
{
    private const string MeterName = "EdgeCloud.Server";

    private readonly Counter<long> _messages;
    private long _deadLetters;

    public IngestMetrics(IMeterFactory meters, DeviceRegistry registry)
    {
        var meter = meters.Create(MeterName);
        _messages = meter.CreateCounter<long>("edgecloud.messages", "{message}", "Messages read from Kafka, by outcome");
        meter.CreateObservableUpDownCounter("edgecloud.devices", () => registry.Totals().Devices, "{device}", "Devices known");
    }

    public long DeadLetters => Interlocked.Read(ref _deadLetters);

    public void Consumed() => Count("event");

    public void Duplicate() => Count("duplicate");

    public void DeadLetter()
    {
        Interlocked.Increment(ref _deadLetters);
        Count("dead_letter");
    }

    private void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
