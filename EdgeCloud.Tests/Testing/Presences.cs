using EdgeCloud.Contract;

namespace EdgeCloud.Tests.Testing;

/// <summary>Presence events as the edge writes them.</summary>
internal static class Presences
{
    /// <param name="deviceId">The device.</param>
    /// <param name="started">When the person came.</param>
    /// <param name="seconds">How long that was before the last sighting.</param>
    /// <param name="ended">Why it ended; null while it has not.</param>
    /// <param name="zone">In which the person was for half of the time.</param>
    public static PresenceEvent Of(
        string deviceId, DateTimeOffset started, double seconds = 0, PresenceEnd? ended = null, string zone = "desk") =>
        new()
        {
            DeviceId = deviceId,
            Timestamp = started.AddSeconds(seconds),
            Type = ended is not null ? PresenceType.Ended : seconds > 0 ? PresenceType.Updated : PresenceType.Started,
            EventId = Guid.CreateVersion7(),
            Schema = PresenceEvent.CurrentSchema,
            PresenceId = Guid.CreateVersion7(),
            TrackId = 3,
            StartedAt = started.ToMicroseconds(),
            LastSeenAt = started.ToMicroseconds().AddSeconds(seconds),
            DwellSeconds = seconds,
            FirstPoint = new Point(0.1, 0.2),
            LastPoint = new Point(0.3, 0.4),
            HighestScore = 0.95,
            Zones = [new ZoneStay(zone, seconds / 2, 1)],
            Crossings = [new LineCount("door", 1, 0)],
            Reason = ended,
        };

    /// <summary>What is said of the same presence later.</summary>
    public static PresenceEvent After(this PresenceEvent before, double seconds, PresenceEnd? ended = null) =>
        Of(before.DeviceId, before.StartedAt, seconds, ended, before.Zones[0].Zone) with
        {
            PresenceId = before.PresenceId,
        };
}
