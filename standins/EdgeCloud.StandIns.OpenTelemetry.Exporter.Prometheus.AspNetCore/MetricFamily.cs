using System.Text;
using System.Text.RegularExpressions;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>
/// What a metric is called and how it is typed in one format. The translation is that of OpenTelemetry's specification,
/// "Prometheus and OpenMetrics compatibility".
/// </summary>
/// <param name="Name">What <c># TYPE</c> speaks of, and what <c>_bucket</c>, <c>_sum</c>, <c>_count</c> and <c>_created</c> are appended to.</param>
/// <param name="SampleName">The name of a counter's or gauge's series.</param>
/// <param name="Type">Prometheus' type; null when it has none for this metric.</param>
/// <param name="Unit">The unit as a word, empty when there is none.</param>
internal sealed partial record MetricFamily(string Name, string SampleName, string? Type, string Unit)
{
    private const string Counter = "counter";
    private const string Total = "_total";

    public bool IsCounter => Type == Counter;

    public static MetricFamily Of(Metric metric, bool openMetrics, bool totalSuffix)
    {
        var unit = UnitOf(metric.Unit);
        var type = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => Counter,
            MetricType.LongGauge or MetricType.DoubleGauge => "gauge",
            MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
            MetricType.Histogram => "histogram",
            _ => null,
        };
        return openMetrics ? ForOpenMetrics(metric.Name, type, unit) : ForPrometheus(metric.Name, type, unit, totalSuffix);
    }

    private static MetricFamily ForPrometheus(string metricName, string? type, string unit, bool totalSuffix)
    {
        var isCounter = type == Counter;
        var name = Sanitize(metricName);
        if (!name.EndsWith(unit, StringComparison.Ordinal) && !(isCounter && name.EndsWith(unit + Total, StringComparison.Ordinal)))
            name = $"{name}_{unit}";
        if (isCounter && totalSuffix && !name.EndsWith(Total, StringComparison.Ordinal))
            name += Total;
        return new(name, name, type, unit);
    }

    private static MetricFamily ForOpenMetrics(string metricName, string? type, string unit)
    {
        var name = type == Counter ? WithoutTotal(metricName) : metricName;
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name = $"{name}_{unit}";
        name = Sanitize(name);
        return type == Counter ? new(WithoutTotal(name), WithoutTotal(name) + Total, type, unit) : new(name, name, type, unit);
    }

    private static string WithoutTotal(string name) => name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;

    /// <summary>Only letters, digits and colons; anything between becomes one underscore, and so does a leading digit.</summary>
    private static string Sanitize(string name)
    {
        var sanitized = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if ((char.IsAsciiLetterOrDigit(name[i]) || name[i] == ':') && !(i == 0 && char.IsAsciiDigit(name[i])))
                sanitized.Append(name[i]);
            else if (sanitized is not [.., '_'])
                sanitized.Append('_');
        }
        return sanitized.ToString();
    }

    private static string UnitOf(string? unit)
    {
        var plain = Annotation().Replace(unit ?? "", "");
        var per = plain.IndexOf('/');
        var word = per < 0 || per == plain.Length - 1 ? Word(plain) : $"{Word(plain[..per])}_per_{WordAfterPer(plain[(per + 1)..])}";
        return NotInUnit().Replace(word, "_").Trim('_');
    }

    private static string Word(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" or "B" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" or "KB" => "kilobytes",
        "MBy" or "MB" => "megabytes",
        "GBy" or "GB" => "gigabytes",
        "TBy" or "TB" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "1" => "",
        "%" => "percent",
        "$" => "dollars",
        _ => unit,
    };

    private static string WordAfterPer(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => unit,
    };

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Annotation();

    [GeneratedRegex("[^A-Za-z0-9:]+")]
    private static partial Regex NotInUnit();
}
