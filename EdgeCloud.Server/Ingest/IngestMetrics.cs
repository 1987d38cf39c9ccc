using System.Diagnostics.Metrics;
using EdgeCloud.Server.Devices;

namespace EdgeCloud.Server.Ingest;

/// <summary>Metrics of the way from Kafka into the registry, meter <c>EdgeCloud.Server</c>.</summary>
internal sealed class IngestMetrics
{
    private const string MeterName = "EdgeCloud.Server";

    private readonly Counter<long> _messages;

    public IngestMetrics(IMeterFactory meters, DeviceRegistry registry)
    {
        var meter = meters.Create(MeterName);
        _messages = meter.CreateCounter<long>("edgecloud.messages", "{message}", "Messages read from Kafka, by outcome");
        meter.CreateObservableUpDownCounter("edgecloud.devices", () => registry.Totals().Devices, "{device}", "Devices known");
    }

    public void Event() => Count("event");

    public void Duplicate() => Count("duplicate");

    public void DeadLetter() => Count("dead_letter");

    /// <summary>A message of any kind that the group had finished with before, read again to rebuild the state.</summary>
    public void Replay() => Count("replay");

    private void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
