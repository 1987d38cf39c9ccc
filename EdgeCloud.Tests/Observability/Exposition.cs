using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Observability;

/// <summary>A sample's name, labels and value, and the labels of its exemplar if it has one.</summary>
internal sealed record Sample(
    string Name, IReadOnlyDictionary<string, string> Labels, double Value,
    IReadOnlyDictionary<string, string>? Exemplar)
{
    public string LabelsBut(string left) => string.Join(',', Labels.Where(label => label.Key != left)
        .OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}

/// <summary>A metric with its samples, in the order of the text.</summary>
internal sealed record Family(string Name, string Type, string? Unit, string? Help, IReadOnlyList<Sample> Samples);

/// <summary>
/// The text of a scrape, read strictly by the ABNF of OpenMetrics 1.0 and by the description of Prometheus' text format
/// 0.0.4, which is the same but for the end mark, units, exemplars and what a family is called.
/// </summary>
internal sealed partial record Exposition(IReadOnlyList<Family> Families, bool IsOpenMetrics)
{
    /// <exception cref="FormatException">The text is not of the format; the message has the line.</exception>
    public static Exposition Parse(string text)
    {
        var isOpenMetrics = text.EndsWith("\n# EOF\n", StringComparison.Ordinal);
        var lines = text.Split('\n');
        Require(lines[^1].Length == 0, "the last line does not end");
        var families = new List<Family>();
        (string Name, string? Type, string? Unit, string? Help, List<Sample> Samples)? open = null;
        foreach (var line in lines[..^(isOpenMetrics ? 2 : 1)])
        {
            if (Metadata().Match(line) is { Success: true } metadata)
            {
                var (kind, name, value) =
                    (metadata.Groups["kind"].Value, metadata.Groups["name"].Value, metadata.Groups["value"].Value);
                if (open?.Name != name)
                {
                    Close();
                    Require(families.All(family => family.Name != name), $"a family comes twice: {line}");
                    open = (name, null, null, null, []);
                }

                var current = open!.Value;
                Require(current.Samples.Count == 0, $"metadata after a sample: {line}");
                Require(
                    kind switch { "TYPE" => current.Type, "UNIT" => current.Unit, _ => current.Help } is null,
                    $"twice: {line}");
                Require(kind != "UNIT" || isOpenMetrics, $"a unit outside OpenMetrics: {line}");
                open = kind switch
                {
                    "TYPE" => current with { Type = value },
                    "UNIT" => current with { Unit = value },
                    _ => current with { Help = value },
                };
            }
            else
            {
                Require(open is not null, $"a sample without a family: {line}");
                var sample = ParseSample(line, isOpenMetrics);
                Require(
                    Belongs(sample.Name, open!.Value.Name, open.Value.Type, isOpenMetrics),
                    $"a sample of another family than {open.Value.Name}: {line}");
                open.Value.Samples.Add(sample);
            }
        }

        Close();
        return new(families, isOpenMetrics);

        void Close()
        {
            if (open is { } done)
                families.Add(new(
                    done.Name, done.Type ?? throw new FormatException($"{done.Name} has no type"), done.Unit,
                    done.Help, done.Samples));
        }
    }

    private static Sample ParseSample(string line, bool isOpenMetrics)
    {
        var match = SampleLine().Match(line);
        Require(match.Success, $"no sample: {line}");
        Require(isOpenMetrics || !match.Groups["exemplar"].Success, $"an exemplar outside OpenMetrics: {line}");
        return new(
            match.Groups["name"].Value, Labels(match.Groups["labels"].Value, line), Number(match.Groups["value"].Value),
            match.Groups["exemplar"].Success ? Labels(match.Groups["exemplar"].Value, line) : null);
    }

    private static Dictionary<string, string> Labels(string text, string line)
    {
        var labels = new Dictionary<string, string>();
        foreach (Match label in Label().Matches(text))
            Require(
                labels.TryAdd(label.Groups["name"].Value, label.Groups["value"].Value), $"a label comes twice: {line}");
        return labels;
    }

    private static bool Belongs(string sample, string family, string? type, bool isOpenMetrics)
    {
        string[] suffixes = type switch
        {
            "counter" when isOpenMetrics => ["_total", "_created"],
            "histogram" when isOpenMetrics => ["_bucket", "_sum", "_count", "_created"],
            "histogram" => ["_bucket", "_sum", "_count"],
            "info" => ["_info"],
            _ => [""],
        };
        return suffixes.Any(suffix => sample == family + suffix);
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new FormatException(otherwise);
    }

    private const string MetricName = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private const string OneLabel = """(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*")""";
    private const string RealNumber = """(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN)""";

    [GeneratedRegex($"^# (?<kind>TYPE|UNIT|HELP) (?<name>{MetricName})(?: (?<value>.*))?$")]
    private static partial Regex Metadata();

    [GeneratedRegex(
        $$"""^(?<name>{{MetricName}})(?:\{(?<labels>(?:{{OneLabel}}(?:,{{OneLabel}})*)?)\})? (?<value>{{RealNumber}})"""
        + $$"""(?: {{RealNumber}})?(?: # \{(?<exemplar>(?:{{OneLabel}}(?:,{{OneLabel}})*)?)\} """
        + $$"""{{RealNumber}}(?: {{RealNumber}})?)?$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\\n]|\\["\\n])*)"(?:,|$)""")]
    private static partial Regex Label();
}
