using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.Observability;

public sealed class DashboardTests
{
    private const int GridColumns = 24;

    public static TheoryData<string> Files => [.. Dashboard.All.Select(dashboard => dashboard.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_panel_says_what_it_shows_in_which_unit_and_asks_for_it(string file) =>
        Assert.All(Of(file).Panels, panel =>
        {
            Assert.NotEmpty(panel.Text("title"));
            Assert.True(panel["description"]?.ToString().Length > 0, $"'{panel.Text("title")}' has no description.");
            Assert.NotEmpty(panel["fieldConfig"]!["defaults"]!.Text("unit"));
            Assert.NotEmpty(panel.Items("targets"));
            Assert.Distinct(panel.Items("targets").Select(target => target.Text("refId")));
            Assert.All(panel.Items("targets"), target => Assert.NotEmpty(target.Text("expr")));
        });

    [Theory]
    [MemberData(nameof(Files))]
    public void A_number_alone_says_by_thresholds_whether_it_is_good(string file) => Assert.All(
        Of(file).Panels.Where(panel => panel.Text("type") is "stat" or "bargauge"),
        panel => Assert.NotEmpty(panel["fieldConfig"]!["defaults"]!["thresholds"]!.Items("steps")));

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_lie_on_the_grid_and_not_on_each_other(string file)
    {
        var taken = new HashSet<(int, int)>();
        Assert.All(Of(file).Json.Items("panels"), panel =>
        {
            var (x, y, width, height) = (At("x"), At("y"), At("w"), At("h"));
            Assert.InRange(x, 0, GridColumns - width);
            foreach (var cell in Enumerable.Range(x, width)
                .SelectMany(column => Enumerable.Range(y, height).Select(row => (column, row))))
                Assert.True(taken.Add(cell), $"'{panel.Text("title")}' lies on another panel.");

            int At(string name) => panel["gridPos"]![name]!.GetValue<int>();
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_dashboard_keeps_its_address_leads_to_the_others_and_lets_choose(string file)
    {
        var dashboard = Of(file).Json;
        Assert.Equal($"edgecloud-{Path.GetFileNameWithoutExtension(file)}", dashboard.Text("uid"));
        Assert.Contains("edgecloud", dashboard["tags"]!.AsArray().Select(tag => tag!.ToString()));
        var link = Assert.Single(dashboard.Items("links"));
        Assert.Equal(("dashboards", """["edgecloud"]"""), (link.Text("type"), link["tags"]!.ToJsonString()));
        Assert.NotEmpty(Of(file).Variables);
        Assert.All(Of(file).Variables, variable => Assert.Contains(
            $"${variable.Text("name")}", dashboard["panels"]!.ToJsonString(), StringComparison.Ordinal));
        Assert.Distinct(dashboard.Items("panels").Select(panel => panel.Text("id")));
    }

    [Fact]
    public void There_is_one_for_each_part_and_the_first_is_Grafanas_home()
    {
        Assert.Superset(
            new HashSet<string> { "overview.json", "edge.json", "kafka-server.json", "sustainability.json" },
            Dashboard.All.Select(dashboard => dashboard.File).ToHashSet());
        Assert.Distinct(Dashboard.All.Select(dashboard => dashboard.Json.Text("title")));
        Assert.Equal("/etc/edgecloud/dashboards/overview.json", Checkout.ConfigMap("grafana-config").Text(
            "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"));
    }

    /// <summary>promtool looks at rules, so each expression becomes one.</summary>
    [Fact]
    public async Task Prometheus_understands_every_expression()
    {
        using var folder = new TemporaryFolder();
        var expressions =
            Dashboard.All.SelectMany(dashboard => dashboard.Expressions.Concat(dashboard.VariableExpressions));
        var rules = new JsonArray([.. expressions.Select((expression, i) =>
            new JsonObject { ["record"] = $"expression:{i}", ["expr"] = expression })]);
        var groups = new JsonObject
        {
            ["groups"] = new JsonArray(new JsonObject { ["name"] = "expressions", ["rules"] = rules }),
        };
        await File.WriteAllTextAsync(folder.File("expressions.yml"), groups.ToJsonString());

        await ChildProcess.SucceedAsync(["promtool", "check", "rules", folder.File("expressions.yml")]);
    }

    private static Dashboard Of(string file) => Dashboard.All.Single(dashboard => dashboard.File == file);
}
