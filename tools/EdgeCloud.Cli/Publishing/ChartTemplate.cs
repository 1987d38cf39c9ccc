using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace EdgeCloud.Cli.Publishing;

/// <summary>
/// Evaluates what of Helm's template language Aspire's charts use: a path of the built-in objects or of values.yaml,
/// converted by int or toString or not at all, and raw strings in backticks. Anything else is rejected, so that what is
/// rendered is what Helm would render.
/// </summary>
internal sealed partial class ChartTemplate
{
    private readonly Dictionary<string, string> _values = [];

    /// <param name="valuesYaml">The text of values.yaml.</param>
    /// <param name="chartName">The chart's name; the release is called the same.</param>
    /// <param name="releaseNamespace">Where the release goes.</param>
    public ChartTemplate(string valuesYaml, string chartName, string releaseNamespace)
    {
        _values[".Chart.Name"] = chartName;
        _values[".Release.Name"] = chartName;
        _values[".Release.Namespace"] = releaseNamespace;

        var yaml = new YamlStream();
        yaml.Load(new StringReader(valuesYaml));
        Flatten(".Values", yaml.Documents[0].RootNode);
    }

    /// <exception cref="FormatException">An expression that is not understood here, or that names no value.</exception>
    public string Render(string template) =>
        Expressions().Replace(template, expression => Evaluate(expression.Groups["body"].Value.Trim()));

    private string Evaluate(string body)
    {
        if (RawString().Match(body) is { Success: true } raw)
            return raw.Groups["text"].Value;
        if (Path().Match(body) is not { Success: true } path)
            throw new FormatException($"The template expression '{body}' is not understood here.");

        var name = path.Groups["path"].Value;
        return _values.TryGetValue(name, out var value)
            ? value
            : throw new FormatException($"The template asks for {name}, which is not there.");
    }

    private void Flatten(string path, YamlNode node)
    {
        if (node is YamlMappingNode mapping)
        {
            foreach (var (key, child) in mapping)
                Flatten($"{path}.{key}", child);
        }
        else
        {
            _values[path] = ((YamlScalarNode)node).Value!;
        }
    }

    /// <summary>A raw string may contain the braces that end an expression.</summary>
    [GeneratedRegex("\\{\\{(?<body>\\s*`[^`]*`\\s*|.*?)\\}\\}", RegexOptions.Singleline)]
    private static partial Regex Expressions();

    [GeneratedRegex("^`(?<text>[^`]*)`$", RegexOptions.Singleline)]
    private static partial Regex RawString();

    [GeneratedRegex(@"^(?<path>(\.\w+)+)(\s*\|\s*(int|toString))?$")]
    private static partial Regex Path();
}
