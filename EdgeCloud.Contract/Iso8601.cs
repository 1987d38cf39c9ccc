using System.Globalization;

namespace EdgeCloud.Contract;

/// <summary>Times as clients write them.</summary>
public static class Iso8601
{
    internal const string WireFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads an ISO 8601 date and time; one without an offset is taken as UTC, digits beyond the microsecond are dropped.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        var parsed = DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var exact);
        time = exact.ToMicroseconds();
        return parsed;
    }

    /// <returns>In UTC with exactly six decimals.</returns>
    public static string ToWireText(this DateTimeOffset time) => time.UtcDateTime.ToString(WireFormat, CultureInfo.InvariantCulture);

    /// <summary>The time as the wire can carry it.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
