using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>Writes the series of one metric.</summary>
internal static class SeriesWriter
{
    public static void Write(StringBuilder text, Metric metric, MetricFamily family, bool openMetrics, bool scopeInfo)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(metric, point, scopeInfo);
            if (metric.MetricType == MetricType.Histogram)
                WriteHistogram(text, point, family, labels, openMetrics);
            else
                WriteSample(text, metric.MetricType, point, family, labels, openMetrics);
        }
    }

    private static void WriteSample(
        StringBuilder text, MetricType type, in MetricPoint point, MetricFamily family, LabelSet labels, bool openMetrics)
    {
        var isLong = type is MetricType.LongSum or MetricType.LongSumNonMonotonic or MetricType.LongGauge;
        var value = type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => Text(point.GetSumLong()),
            MetricType.LongGauge => Text(point.GetGaugeLastValueLong()),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number.Shortest(point.GetSumDouble()),
            _ => Number.Shortest(point.GetGaugeLastValueDouble()),
        };
        text.Append(CultureInfo.InvariantCulture, $"{family.SampleName}{{{labels}}} {value}");
        if (openMetrics && family.IsCounter)
        {
            ExemplarWriter.WriteLatest(text, point, isLong, static _ => true);
            text.Append('\n');
            WriteCreated(text, point, family, labels);
        }
        else
        {
            text.Append('\n');
        }
    }

    private static void WriteHistogram(StringBuilder text, in MetricPoint point, MetricFamily family, LabelSet labels, bool openMetrics)
    {
        labels.Remove("le");
        var common = labels.ToString();
        var beforeBound = common.Length == 0 ? "" : common + ",";
        var lower = double.NegativeInfinity;
        var hasNegativeBound = false;
        var count = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            var upper = bucket.ExplicitBound;
            hasNegativeBound |= upper < 0;
            count += bucket.BucketCount;
            var bound = openMetrics ? Number.Canonical(upper) : Number.Shortest(upper);
            text.Append(CultureInfo.InvariantCulture, $"{family.Name}_bucket{{{beforeBound}le=\"{bound}\"}} {count}");
            if (openMetrics)
            {
                var aboveOnly = lower;
                ExemplarWriter.WriteLatest(text, point, isLong: false, value => IsIn(value, aboveOnly, upper));
            }
            text.Append('\n');
            lower = upper;
        }
        // OpenMetrics allows no sum, and then no count, where observations may be negative.
        if (!openMetrics || !hasNegativeBound)
        {
            text.Append(CultureInfo.InvariantCulture, $"{family.Name}_sum{{{common}}} {Number.Shortest(point.GetHistogramSum())}\n");
            text.Append(CultureInfo.InvariantCulture, $"{family.Name}_count{{{common}}} {point.GetHistogramCount()}\n");
        }
        if (openMetrics)
            WriteCreated(text, point, family, labels);
    }

    private static bool IsIn(double value, double lowerExclusive, double upperInclusive) =>
        value <= upperInclusive && (value > lowerExclusive || double.IsNegativeInfinity(lowerExclusive));

    private static void WriteCreated(StringBuilder text, in MetricPoint point, MetricFamily family, LabelSet labels) =>
        text.Append(CultureInfo.InvariantCulture, $"{family.Name}_created{{{labels}}} {UnixSeconds(point.StartTime)}\n");

    internal static string UnixSeconds(DateTimeOffset time) =>
        Number.Shortest((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond);

    private static LabelSet Labels(Metric metric, in MetricPoint point, bool scopeInfo)
    {
        var labels = new LabelSet();
        if (scopeInfo)
            AddScope(labels, metric);
        foreach (var tag in point.Tags)
            labels.Add(tag.Key, tag.Value);
        return labels;
    }

    private static void AddScope(LabelSet labels, Metric metric)
    {
        const string Name = "otel_scope_name", Version = "otel_scope_version", SchemaUrl = "otel_scope_schema_url";
        labels.Add(Name, metric.MeterName);
        if (!string.IsNullOrEmpty(metric.MeterVersion))
            labels.Add(Version, metric.MeterVersion);
        if (!string.IsNullOrEmpty(metric.MeterSchemaUrl))
            labels.Add(SchemaUrl, metric.MeterSchemaUrl);
        foreach (var tag in metric.MeterTags ?? [])
        {
            var label = LabelSet.Name($"otel_scope_{tag.Key}");
            if (label is not (Name or Version or SchemaUrl))
                labels.Add(label, tag.Key, tag.Value);
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
