using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter;

/// <summary>What an exposition leaves out or in.</summary>
internal sealed record ExpositionOptions(bool ScopeInfo, bool TargetInfo, bool TotalSuffix);

/// <summary>Writes metrics as text: families in order of their names, each with its metadata once, then its series.</summary>
internal static class Exposition
{
    public static byte[] Write(in Batch<Metric> batch, Resource resource, ExpositionFormat format, ExpositionOptions options)
    {
        var text = new StringBuilder();
        if (options.TargetInfo)
            WriteTargetInfo(text, resource, format.IsOpenMetrics);
        foreach (var family in Families(batch, format.IsOpenMetrics, options.TotalSuffix))
        {
            // Prometheus rejects a family of two types, and nothing tells which of them is meant.
            if (family.DistinctBy(member => member.Family.Type).Count() > 1)
                continue;
            WriteMetadata(text, family, format.IsOpenMetrics);
            var members = family
                .OrderBy(member => member.Metric.MeterName, StringComparer.Ordinal)
                .ThenBy(member => member.Metric.Name, StringComparer.Ordinal);
            foreach (var (metric, names) in members)
                SeriesWriter.Write(text, metric, names, format.IsOpenMetrics, options.ScopeInfo);
        }
        if (format.IsOpenMetrics)
            text.Append("# EOF\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<IGrouping<string, (Metric Metric, MetricFamily Family)>> Families(in Batch<Metric> batch, bool openMetrics, bool totalSuffix)
    {
        var members = new List<(Metric Metric, MetricFamily Family)>();
        foreach (var metric in batch)
        {
            // The text formats have no exponential histograms.
            if (metric.MetricType != MetricType.ExponentialHistogram)
                members.Add((metric, MetricFamily.Of(metric, openMetrics, totalSuffix)));
        }
        return [.. members
            .GroupBy(member => member.Family.Name, StringComparer.Ordinal)
            .OrderBy(family => family.Key, StringComparer.Ordinal)];
    }

    private static void WriteMetadata(StringBuilder text, IGrouping<string, (Metric Metric, MetricFamily Family)> family, bool openMetrics)
    {
        var type = family.First().Family.Type ?? (openMetrics ? "unknown" : "untyped");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Key} {type}\n");
        var unit = family.Select(member => member.Family.Unit).FirstOrDefault(unit => unit.Length > 0);
        if (openMetrics && unit is not null)
            text.Append(CultureInfo.InvariantCulture, $"# UNIT {family.Key} {unit}\n");
        var help = family.Select(member => member.Metric.Description).FirstOrDefault(description => !string.IsNullOrEmpty(description));
        if (help is not null)
            text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Key} {EscapeHelp(help, openMetrics)}\n");
    }

    private static string EscapeHelp(string help, bool openMetrics) => openMetrics
        ? LabelSet.Escape(help)
        : help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void WriteTargetInfo(StringBuilder text, Resource resource, bool openMetrics)
    {
        var labels = new LabelSet();
        foreach (var attribute in resource.Attributes)
            labels.Add(attribute.Key, attribute.Value);
        if (!resource.Attributes.Any())
            return;
        var (name, type) = openMetrics ? ("target", "info") : ("target_info", "gauge");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n# HELP {name} Target metadata\n");
        text.Append(CultureInfo.InvariantCulture, $"target_info{{{labels}}} 1\n");
    }
}
