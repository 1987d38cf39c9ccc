using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Zones;

[Description("The zones and lines of a device's picture. Coordinates are relative to the frame, 0..1, origin top "
    + "left.")]
internal sealed record DeviceZones
{
    /// <summary>More than anybody draws into one picture.</summary>
    public const int MaxZones = 16;

    public const int MaxLines = 16;

    [Description("The device whose picture it is.")]
    public string? DeviceId { get; init; }

    [Description("Which version this is. Whoever changes them says which one was read, so that no change of somebody "
        + "else is lost.")]
    public string? Version { get; init; }

    [Description("The zones."), MaxLength(MaxZones)]
    public IReadOnlyList<Zone> Zones { get => field ?? []; init; }

    [Description("The lines."), MaxLength(MaxLines)]
    public IReadOnlyList<Line> Lines { get => field ?? []; init; }
}

[Description("An area of the picture: a polygon that does not cross itself.")]
internal sealed record Zone
{
    public const int MinPoints = 3;

    public const int MaxPoints = 32;

    public const int MaxCapacity = 10_000;

    [Description("Unique among the zones and lines of the device: " + ZoneName.Rule + ".")]
    [StringLength(ZoneName.MaxLength, MinimumLength = 1), RegularExpression(ZoneName.Pattern)]
    public required string Name { get; init; }

    [Description("Its corners, in turn; the last is joined to the first."), MinLength(MinPoints), MaxLength(MaxPoints)]
    public required IReadOnlyList<Point> Points { get; init; }

    [Description("How many persons it is meant for; for alerts. Absent when nobody says."), Range(1, MaxCapacity)]
    public int? Capacity { get; init; }
}

[Description("A line that persons cross, either way. Forward is from the right-hand to the left-hand side of who goes "
    + "along it, so from left to right over a line that is drawn downwards.")]
internal sealed record Line
{
    public const double MaxHysteresis = 2;

    [Description("Unique among the zones and lines of the device: " + ZoneName.Rule + ".")]
    [StringLength(ZoneName.MaxLength, MinimumLength = 1), RegularExpression(ZoneName.Pattern)]
    public required string Name { get; init; }

    [Description("Where it begins.")]
    public required Point From { get; init; }

    [Description("Where it ends.")]
    public required Point To { get; init; }

    [Description("How far beyond it a person must come to be on its other side, in heights of the face; 0.1 when it "
        + "is absent, which is four times what the middle of a still face is seen to move. With 0 whoever stands on it "
        + "crosses it all the time."), Range(0.0, MaxHysteresis)]
    public double? Hysteresis { get; init; }
}
