using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Observability;

public sealed partial class PrometheusRulesTests
{
    private static readonly string[] TestFiles =
        [.. Directory.EnumerateFiles(Path.Combine(Rules.Folder, "tests"), "*.test.yml")];

    [Fact]
    public async Task Prometheus_takes_the_rules_and_the_local_configuration()
    {
        await SucceedsAsync(["check", "rules", .. Rules.Files]);
        await SucceedsAsync(["check", "config", Path.Combine(Rules.Folder, "prometheus.local.yml")]);
    }

    /// <summary>
    /// Debian builds Prometheus without Kubernetes, so its part is looked at by MonitoringTests and left out here.
    /// </summary>
    [Fact]
    public async Task It_takes_the_clusters_configuration_with_the_same_rules()
    {
        var cluster = Checkout.Parse(await File.ReadAllTextAsync(Path.Combine(Rules.Folder, "prometheus.cluster.yml")));
        var local = Checkout.Parse(await File.ReadAllTextAsync(Path.Combine(Rules.Folder, "prometheus.local.yml")));
        Assert.Equal(local["rule_files"]!.ToJsonString(), cluster["rule_files"]!.ToJsonString());

        Assert.True(cluster["scrape_configs"]![0]!.AsObject().Remove("kubernetes_sd_configs"));
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("prometheus.yml"), cluster.ToJsonString());
        await SucceedsAsync(["check", "config", folder.File("prometheus.yml")]);
    }

    [Fact]
    public Task Alerts_fire_when_they_should_and_not_before() => SucceedsAsync(["test", "rules", .. TestFiles]);

    [Fact]
    public void Every_alert_is_tested_firing_and_quiet_and_every_recording_by_its_value()
    {
        var tests = TestFiles.SelectMany(file => Checkout.Parse(File.ReadAllText(file)).Items("tests")).ToArray();
        var alerts = tests.SelectMany(test => test.Items("alert_rule_test")).ToArray();
        var names = Rules.Alerts.Select(alert => alert.Text("alert")).Order().ToArray();
        Assert.Equal(names, alerts.Where(test => test.Items("exp_alerts").Any())
            .Select(test => test.Text("alertname")).Distinct().Order());

        // What fires for some and is expected for no others is quiet for those.
        var quiet = alerts.Where(test => !test.Items("exp_alerts").Any())
            .Select(test => test.Text("alertname")).Distinct().Order();
        Assert.Equal(names.Except(["EventsDropped"]), quiet);

        var expressions = tests.SelectMany(test => test.Items("promql_expr_test"))
            .Select(test => test.Text("expr")).ToArray();
        Assert.All(Rules.Recordings, recording => Assert.Contains(
            expressions, expression => expression.Contains(recording.Text("record"), StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_alert_says_what_is_wrong_what_it_means_and_what_to_do() => Assert.All(Rules.Alerts, alert =>
    {
        Assert.Contains(alert["labels"]!.Text("severity"), new[] { "critical", "warning" });
        Assert.All(new[] { "summary", "description", "runbook" }, annotation =>
            Assert.NotEmpty(alert["annotations"]!.Text(annotation)));
    });

    [Fact]
    public void What_an_alert_leaves_to_the_runbook_is_there()
    {
        var runbook = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md"));
        var named = Rules.Alerts
            .Where(alert => alert["annotations"]!.Text("runbook").Contains("docs/runbook.md", StringComparison.Ordinal))
            .Select(alert => alert.Text("alert")).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, alert => Assert.Contains($"| `{alert}` |", runbook, StringComparison.Ordinal));
    }

    [Fact]
    public void The_history_is_called_large_by_the_claim_that_it_has()
    {
        var server = File.ReadAllText(Path.Combine(Repository.Root, "manifests", "minikube", "server.yaml"));
        var claim = Gibibytes().Match(server);
        Assert.EndsWith(
            $"> 0.8 * {claim.Groups[1].Value} * 1024 ^ 3",
            Rules.Alerts.Single(alert => alert.Text("alert") == "HistoryLarge").Text("expr"));
    }

    [Fact]
    public void Every_recording_is_used_by_a_dashboard_or_an_alert()
    {
        var expressions = Dashboard.All.SelectMany(dashboard => dashboard.Expressions)
            .Concat(Rules.Alerts.Select(alert => alert.Text("expr"))).ToArray();
        Assert.All(Rules.Recordings, recording => Assert.Contains(
            expressions, expression => expression.Contains(recording.Text("record"), StringComparison.Ordinal)));
    }

    [GeneratedRegex("storage: \"(\\d+)Gi\"")]
    private static partial Regex Gibibytes();

    private static Task SucceedsAsync(string[] arguments) => ChildProcess.SucceedAsync(["promtool", .. arguments]);
}
