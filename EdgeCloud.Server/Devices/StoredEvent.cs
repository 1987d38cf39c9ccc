using EdgeCloud.ServiceDefaults.Contract;

namespace EdgeCloud.Server.Devices;

/// <summary>An event and its JSON exactly as it came, members this version does not know included.</summary>
/// <param name="Arrival">Counts accepted events; orders those of one instant.</param>
internal sealed record StoredEvent(long Arrival, DetectionEvent Event, byte[] Json);
