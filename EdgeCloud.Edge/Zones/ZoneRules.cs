using System.Globalization;
using EdgeCloud.Contract;

namespace EdgeCloud.Edge.Zones;

/// <summary>What zones and lines must be.</summary>
internal static class ZoneRules
{
    /// <summary>An area below it is none: a thousandth of the picture's side squared.</summary>
    private const double LeastArea = 1e-6;

    private const double LeastLength = 1e-3;

    /// <returns>What is wrong, by the name of the member; null when all is well.</returns>
    public static string? Problem(DeviceZones device)
    {
        if (device.Zones.Count > DeviceZones.MaxZones)
            return Text($"zones has {device.Zones.Count} zones; a device has at most {DeviceZones.MaxZones}.");
        if (device.Lines.Count > DeviceZones.MaxLines)
            return Text($"lines has {device.Lines.Count} lines; a device has at most {DeviceZones.MaxLines}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < device.Zones.Count; i++)
        {
            if (Problem(device.Zones[i], Text($"zones[{i}]"), names) is { } problem)
                return problem;
        }

        for (var i = 0; i < device.Lines.Count; i++)
        {
            if (Problem(device.Lines[i], Text($"lines[{i}]"), names) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? Problem(Zone? zone, string where, HashSet<string> names)
    {
        if (zone is null)
            return $"{where} is null.";
        if (ProblemOfName(zone.Name, where, names) is { } problem)
            return problem;
        if (zone.Points.Count is < Zone.MinPoints or > Zone.MaxPoints)
            return Text(
                $"{where}.points has {zone.Points.Count} corners; a zone has {Zone.MinPoints} to {Zone.MaxPoints}.");
        for (var i = 0; i < zone.Points.Count; i++)
        {
            if (!IsInPicture(zone.Points[i]))
                return Text($"{where}.points[{i}] lies outside the picture: both numbers must lie in 0..1.");
        }

        if (zone.Capacity is < 1 or > Zone.MaxCapacity)
            return Text($"{where}.capacity is {zone.Capacity}; it must lie between 1 and {Zone.MaxCapacity}.");
        return !ZoneGeometry.IsSimple(zone.Points) ? $"{where}.points is a polygon that crosses itself."
            : ZoneGeometry.Area(zone.Points) < LeastArea ? $"{where}.points is a polygon without an area."
            : null;
    }

    private static string? Problem(Line? line, string where, HashSet<string> names) =>
        line is null ? $"{where} is null."
        : ProblemOfName(line.Name, where, names) is { } problem ? problem
        : !IsInPicture(line.From) ? $"{where}.from lies outside the picture: both numbers must lie in 0..1."
        : !IsInPicture(line.To) ? $"{where}.to lies outside the picture: both numbers must lie in 0..1."
        : Math.Max(Math.Abs(line.To.X - line.From.X), Math.Abs(line.To.Y - line.From.Y)) < LeastLength
            ? $"{where} has no length: from and to are the same point."
        : line.Hysteresis is not (null or (>= 0 and <= Line.MaxHysteresis))
            ? Text($"{where}.hysteresis is {line.Hysteresis}; it must lie between 0 and {Line.MaxHysteresis}.")
        : null;

    private static string? ProblemOfName(string name, string where, HashSet<string> names) =>
        !ZoneName.IsValid(name) ? $"{where}.name breaks the rule: {ZoneName.Rule}."
        : !names.Add(name) ? $"{where}.name is '{name}', as another zone's or line's is."
        : null;

    private static bool IsInPicture(Point point) => point.X is >= 0 and <= 1 && point.Y is >= 0 and <= 1;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
