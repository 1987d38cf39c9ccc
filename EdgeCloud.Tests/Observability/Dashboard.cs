using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Observability;

/// <summary>A dashboard of observability/grafana.</summary>
internal sealed partial record Dashboard(string File, JsonNode Json)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "observability", "grafana", "dashboards");

    public static IReadOnlyList<Dashboard> All { get; } =
        [.. Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal)
            .Select(file => new Dashboard(Path.GetFileName(file), JsonNode.Parse(System.IO.File.ReadAllText(file))!))];

    /// <summary>Those that show something, rows between them left out.</summary>
    public IEnumerable<JsonNode> Panels => Json.Items("panels").Where(panel => panel.Text("type") != "row");

    public IEnumerable<JsonNode> Variables => Json["templating"]!.Items("list");

    /// <summary>The expressions of all panels, as Prometheus would get them with everything chosen.</summary>
    public IEnumerable<string> Expressions => Panels.SelectMany(panel => panel.Items("targets"))
        .Select(target => Variable().Replace(target.Text("expr"), Value));

    /// <summary>Expressions that have a series when there is something to choose.</summary>
    public IEnumerable<string> VariableExpressions =>
        Variables.Select(variable => LabelValues().Match(variable["query"]!.Text("query")))
            .Select(query => $"count by ({query.Groups["label"].Value}) ({query.Groups["metric"].Value})");

    private string Value(Match variable) => variable.Groups["name"].Value switch
    {
        "__rate_interval" => "1m",
        "__range" => "15m",
        var name => Variables.Any(known => known.Text("name") == name)
            ? ".*"
            : throw new InvalidOperationException($"{File} has no variable {name}."),
    };

    [GeneratedRegex(@"\$\{?(?<name>\w+)\}?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^label_values\((?<metric>.+), (?<label>\w+)\)$")]
    private static partial Regex LabelValues();
}
