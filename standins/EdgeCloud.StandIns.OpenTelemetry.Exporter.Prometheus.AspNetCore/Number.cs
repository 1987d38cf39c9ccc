using System.Globalization;

namespace OpenTelemetry.Exporter;

/// <summary>Numbers as the text formats write them.</summary>
internal static class Number
{
    // From here on down, and from there on up, canonical numbers are in scientific notation (Go's %g).
    private const int SmallestFixedExponent = -4;
    private const int SmallestScientificExponent = 6;

    /// <summary>The shortest text that reads back as the same value.</summary>
    public static string Shortest(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>OpenMetrics' canonical number, which always has a decimal point or an exponent.</summary>
    public static string Canonical(double value)
    {
        if (!double.IsFinite(value))
            return Shortest(value);
        if (value == 0)
            return "0.0";

        var sign = value < 0 ? "-" : "";
        var (digits, exponent) = Decompose(Math.Abs(value));
        if (exponent is < SmallestFixedExponent or >= SmallestScientificExponent)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        var whole = digits.PadRight(exponent + 2, '0');
        return $"{sign}{whole[..(exponent + 1)]}.{whole[(exponent + 1)..]}";
    }

    /// <summary>A positive number as its significant digits and the decimal exponent of the first.</summary>
    private static (string Digits, int Exponent) Decompose(double value)
    {
        var parts = value.ToString(CultureInfo.InvariantCulture).Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.');
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        exponent += (point < 0 ? digits.Length : point) - 1 - (digits.Length - significant.Length);
        return (significant.TrimEnd('0'), exponent);
    }
}
