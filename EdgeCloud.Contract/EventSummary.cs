namespace EdgeCloud.Contract;

/// <summary>
/// What a reader that keeps the JSON itself needs to know of an event; <see cref="DetectionEvent"/> says
/// what each member means.
/// </summary>
public readonly record struct EventSummary(
    string DeviceId, DateTimeOffset Timestamp, int PersonsDetected, Guid? EventId, FrameInfo? Frame,
    DateTimeOffset? CapturedAt = null, long? OutboxEvents = null, bool Unchanged = false, int Faces = 0, int Poses = 0,
    double? EnergyJoules = null, ZoneFindings? Zones = null);
