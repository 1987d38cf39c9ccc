using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Contract;

[Description("That a person came, stays or went, as told from the tracks of faces; the value on Kafka's topic "
    + "edge-presence. Positions and times, nothing by which a person could be known again. Each event has all that is "
    + "known by then, so that the newest of a presence_id says it all. Readers ignore what they do not know.")]
public sealed record PresenceEvent
{
    /// <summary>
    /// The schema this code writes. Readers accept it and every later <c>edgecloud.presence/1.x</c>.
    /// </summary>
    public const string CurrentSchema = "edgecloud.presence/1";

    internal const string SchemaPattern = @"^edgecloud\.presence/1(\.[0-9]+)?$";

    [Description("The device in whose frames the person is, and the key on Kafka: " + Contract.DeviceId.Rule + ".")]
    [StringLength(Contract.DeviceId.MaxLength, MinimumLength = 1)]
    [RegularExpression(Contract.DeviceId.Pattern)]
    public required string DeviceId { get; init; }

    [Description("When the edge said so.")]
    public required DateTimeOffset Timestamp { get; init; }

    [Description("What it says; also the CloudEvents type.")]
    public required PresenceType Type { get; init; }

    [Description("UUIDv7, unique to this event.")]
    public required Guid EventId { get; init; }

    [Description("The version of the contract: edgecloud.presence/1 or a minor version of it.")]
    [RegularExpression(SchemaPattern)]
    public required string Schema { get; init; }

    [Description("UUIDv7 of this presence: one started, one updated each minute, one ended. From the first to the last "
        + "they are in order.")]
    public required Guid PresenceId { get; init; }

    [Description("The track of the person's face in the device's events.")]
    [Range(1, double.PositiveInfinity)]
    public required long TrackId { get; init; }

    [Description("When the person was first seen.")]
    public required DateTimeOffset StartedAt { get; init; }

    [Description("When the person was last seen.")]
    public required DateTimeOffset LastSeenAt { get; init; }

    [Description("From the first to the last sighting, seconds.")]
    [Range(0, double.PositiveInfinity)]
    public required double DwellSeconds { get; init; }

    [Description("Where the person was first seen, relative to the frame.")]
    public required Point FirstPoint { get; init; }

    [Description("Where the person was last seen, relative to the frame.")]
    public required Point LastPoint { get; init; }

    [Description("The highest score of the face.")]
    [Range(0.0, 1.0)]
    public required double HighestScore { get; init; }

    [Description("The zones that the person was in.")]
    public required IReadOnlyList<ZoneStay> Zones { get; init; }

    [Description("The lines that the person crossed.")]
    public required IReadOnlyList<LineCount> Crossings { get; init; }

    [Description("Why it ended; of an ended one alone.")]
    public PresenceEnd? Reason { get; init; }
}

[Description("A person came, is still there, or is there no longer.")]
public enum PresenceType
{
    Started,
    Updated,
    Ended,
}

[Description("The face was not seen any more, the edge stopped, or the edge ended before it could say more (a crash: "
    + "told at its next start, with what had been told last).")]
public enum PresenceEnd
{
    Left,
    Stopped,
    Lost,
}

[Description("A zone that a person was in.")]
public sealed record ZoneStay(
    [property: Description("The name of the zone.")]
    [property: StringLength(ZoneName.MaxLength, MinimumLength = 1)]
    [property: RegularExpression(ZoneName.Pattern)]
    string Zone,
    [property: Description("How long in all, seconds.")]
    [property: Range(0, double.PositiveInfinity)]
    double Seconds,
    [property: Description("How many times the person came into it.")]
    [property: Range(1, double.PositiveInfinity)]
    int Entries);

[Description("A line that a person crossed, and how often each way.")]
public sealed record LineCount(
    [property: Description("The name of the line.")]
    [property: StringLength(ZoneName.MaxLength, MinimumLength = 1)]
    [property: RegularExpression(ZoneName.Pattern)]
    string Line,
    [property: Description("From left to right over a line that is drawn downwards.")]
    [property: Range(0, double.PositiveInfinity)]
    int Forward,
    [property: Description("The other way.")]
    [property: Range(0, double.PositiveInfinity)]
    int Backward);
