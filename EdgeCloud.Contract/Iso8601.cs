using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeCloud.Contract;

/// <summary>Times as clients write them: RFC 3339, and ISO 8601 without an offset.</summary>
public static partial class Iso8601
{
    /// <summary>The shape of what is read, for schemas.</summary>
    internal const string Pattern =
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})?$";

    internal const string WireFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];

    /// <summary>
    /// Reads a date and time. T and Z may be small, and a space may stand for T; a time without an offset is taken as
    /// UTC; digits beyond the microsecond are dropped; a leap second is the one after.
    /// </summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (Shape().Match(text ?? "") is not { Success: true, Groups: var parts })
            return false;

        var isLeapSecond = parts["second"].ValueSpan is "60";
        var second = isLeapSecond ? "59" : parts["second"].Value;
        var offset = parts["offset"].Value.ToUpperInvariant();
        var exact = $"{parts["date"]}T{parts["minute"]}:{second}{parts["fraction"]}{offset}";
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(exact, Formats, CultureInfo.InvariantCulture, utc, out time))
            return false;
        time = time.AddSeconds(isLeapSecond ? 1 : 0);
        return true;
    }

    /// <returns>In UTC with exactly six decimals.</returns>
    public static string ToWireText(this DateTimeOffset time) =>
        time.UtcDateTime.ToString(WireFormat, CultureInfo.InvariantCulture);

    /// <summary>The time as the wire can carry it.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<minute>[0-9]{2}:[0-9]{2}):(?<second>[0-9]{2})"
        + @"((?<fraction>\.[0-9]{1,6})[0-9]*)?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
