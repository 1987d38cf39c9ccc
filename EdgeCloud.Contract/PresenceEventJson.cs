using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EdgeCloud.Contract;

/// <summary>The wire form of <see cref="PresenceEvent"/>: UTF-8, snake_case, absent instead of null.</summary>
public static class PresenceEventJson
{
    /// <summary>With as many zones and lines as a device may have, twice over.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>A century: what is longer is no stay, and a few of them would make a sum infinite.</summary>
    private const double MaxSeconds = 3.2e9;

    /// <returns>The event as UTF-8 JSON.</returns>
    public static byte[] Write(PresenceEvent presence) =>
        JsonSerializer.SerializeToUtf8Bytes(presence, DetectionEventContext.Default.PresenceEvent);

    /// <summary>
    /// Reads an event of version 1.x, refusing what is no JSON, lacks a member, or has one of another type or out of
    /// range. Members it does not know are not looked at.
    /// </summary>
    /// <param name="utf8Json">The value of a Kafka message.</param>
    /// <param name="presence">The event, when the result is true.</param>
    /// <param name="reason">Why it is not an event, when the result is false.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out PresenceEvent? presence,
        [NotNullWhen(false)] out string? reason)
    {
        presence = null;
        reason = null;
        if (utf8Json.Length > MaxBytes)
        {
            reason = $"{utf8Json.Length} bytes; the limit is {MaxBytes}.";
            return false;
        }

        try
        {
            presence = JsonSerializer.Deserialize(utf8Json, DetectionEventContext.Default.PresenceEvent);
            reason = presence is null ? "null." : Problem(presence);
        }
        catch (JsonException exception)
        {
            reason = JsonProblem.Describe(exception);
        }

        if (reason is not null)
            presence = null;
        return presence is not null;
    }

    private static string? Problem(PresenceEvent presence)
    {
        List<ValidationResult> problems = [];
        object?[] parts = [presence, .. presence.Zones, .. presence.Crossings];
        if (Array.IndexOf(parts, null) >= 0)
            return "a zone or a crossing is null.";
        foreach (var part in parts)
            Validator.TryValidateObject(part!, new ValidationContext(part!), problems, validateAllProperties: true);
        return problems.Count > 0 ? problems[0].ErrorMessage
            : (presence.Type == PresenceType.Ended) != (presence.Reason is not null)
                ? "reason is there of an ended presence, and of no other."
                : !IsNear(presence.FirstPoint) || !IsNear(presence.LastPoint)
                    ? "a point lies far outside the frame."
                    : presence.Zones.Select(stay => stay.Seconds).Append(presence.DwellSeconds).Max() > MaxSeconds
                        ? "a stay is longer than a century."
                        : null;

        static bool IsNear(Point point) => Math.Abs(point.X) <= DetectionEventReader.FarthestBox
            && Math.Abs(point.Y) <= DetectionEventReader.FarthestBox;
    }
}
