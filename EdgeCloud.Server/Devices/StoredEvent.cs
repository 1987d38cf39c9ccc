namespace EdgeCloud.Server.Devices;

/// <summary>An event's JSON exactly as it came, members this version does not know included.</summary>
/// <param name="Time">When it happened, as far as its date can be believed: never later than it came.</param>
/// <param name="Arrival">Counts accepted events; orders those of one instant.</param>
internal readonly record struct StoredEvent(DateTimeOffset Time, long Arrival, byte[] Json);
