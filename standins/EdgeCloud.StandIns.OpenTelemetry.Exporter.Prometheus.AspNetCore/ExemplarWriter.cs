using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>Writes, after a sample's value, the newest measurement that contributed to it and was traced.</summary>
internal static class ExemplarWriter
{
    // OpenMetrics, "Exemplars": the names and values of the label set together.
    private const int MaxLabelSetCharacters = 128;

    public static void WriteLatest(StringBuilder text, in MetricPoint point, bool isLong, Func<double, bool> isWanted)
    {
        if (!point.TryGetExemplars(out var exemplars))
            return;
        Exemplar? latest = null;
        foreach (ref readonly var exemplar in exemplars)
        {
            if ((isLong || isWanted(exemplar.DoubleValue)) && (latest is null || latest.Value.Timestamp <= exemplar.Timestamp))
                latest = exemplar;
        }
        if (latest is { } newest)
            Write(text, newest, isLong);
    }

    private static void Write(StringBuilder text, in Exemplar exemplar, bool isLong)
    {
        var value = isLong ? exemplar.LongValue.ToString(CultureInfo.InvariantCulture) : Number.Shortest(exemplar.DoubleValue);
        text.Append(CultureInfo.InvariantCulture, $" # {{{LabelSet.Write(Labels(exemplar))}}} {value}");
        if (exemplar.Timestamp != default)
            text.Append(' ').Append(SeriesWriter.UnixSeconds(exemplar.Timestamp));
    }

    private static IEnumerable<(string Name, string Value)> Labels(in Exemplar exemplar)
    {
        var labels = new LabelSet();
        foreach (var tag in exemplar.FilteredTags)
            labels.Add(tag.Key, tag.Value);
        labels.Remove("trace_id");
        labels.Remove("span_id");
        var trace = new List<(string, string)>();
        if (exemplar.TraceId != default)
            trace.Add(("trace_id", exemplar.TraceId.ToHexString()));
        if (exemplar.SpanId != default)
            trace.Add(("span_id", exemplar.SpanId.ToHexString()));
        return UpToTheLimit(trace.Concat(labels.Merged()));
    }

    private static IEnumerable<(string Name, string Value)> UpToTheLimit(IEnumerable<(string Name, string Value)> labels)
    {
        var characters = 0;
        foreach (var (name, value) in labels)
        {
            var more = name.EnumerateRunes().Count() + value.EnumerateRunes().Count();
            if (characters + more > MaxLabelSetCharacters)
                continue;
            characters += more;
            yield return (name, value);
        }
    }
}
