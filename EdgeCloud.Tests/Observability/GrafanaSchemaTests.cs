using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.Observability;

/// <summary>
/// Against the types of npm's @grafana/schema, which Grafana itself is built with.
/// eng/validate-dashboards.mjs says how.
/// </summary>
public sealed class GrafanaSchemaTests
{
    [Fact]
    public async Task Grafana_knows_every_field_of_the_dashboards() => Assert.Empty(await ValidateAsync(Dashboard.All));

    [Fact]
    public async Task Unknown_fields_words_and_types_are_found_at_any_depth()
    {
        var dashboards = Dashboard.All.ToDictionary(
            dashboard => dashboard.File, dashboard => dashboard with { Json = dashboard.Json.DeepClone() });
        dashboards["overview.json"].Json["refresh"] = 5;
        Panel("overview.json", "stat")["options"]!["colorMode"] = "loud";
        Panel("edge.json", "timeseries")["fieldConfig"]!["defaults"]!["custom"]!["lineWidht"] = 3;
        Panel("edge.json", "bargauge")["fieldConfig"]!["defaults"]!["thresholds"]!["mode"] = "relative";
        Panel("kafka-server.json", "heatmap")["targets"]![0]!["expression"] = "up";

        var problems = await ValidateAsync(dashboards.Values);

        Assert.All(
            new[] { "overview.json: Type 'number'", "\"loud\"", "lineWidht", "\"relative\"", "\"expression\"" },
            problem => Assert.Contains(problem, problems, StringComparison.Ordinal));

        JsonNode Panel(string file, string type) =>
            dashboards[file].Panels.First(panel => panel["type"]!.ToString() == type);
    }

    /// <summary>The types must be those of the Grafana that is started.</summary>
    [Fact]
    public void The_types_have_the_version_of_the_image()
    {
        var package = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "eng", "package.json")))!;
        var version = package["devDependencies"]!["@grafana/schema"]!.ToString();
        Assert.Contains(
            $"docker.io/grafana/grafana:{version}@sha256:",
            File.ReadAllText(Path.Combine(Repository.Root, "manifests", "minikube", "grafana.yaml")),
            StringComparison.Ordinal);
    }

    private static Task<string> ValidateAsync(IEnumerable<Dashboard> dashboards)
    {
        var input = new JsonArray([.. dashboards.Select(
            dashboard => new JsonObject { ["file"] = dashboard.File, ["dashboard"] = dashboard.Json.DeepClone() })]);
        var script = Path.Combine(Repository.Root, "eng", "validate-dashboards.mjs");
        return ChildProcess.SucceedAsync(["node", script], input.ToJsonString());
    }
}
