using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.AppHost.Cluster;

public sealed class MonitoringTests
{
    private static readonly JsonSerializerOptions Unescaped =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Prometheus_looks_for_what_the_pods_of_edge_and_server_and_only_those_say()
    {
        var scraped = Checkout.Workloads.Where(workload =>
            workload.Pod()["metadata"]!["annotations"]?["prometheus.io/scrape"]?.ToString() == "true")
            .Select(workload => workload.Name());
        Assert.Equal(["edge", "server"], scraped);

        var job = Assert.Single(PrometheusConfiguration().Items("scrape_configs"));
        Assert.Equal(
            """[{"role":"pod","namespaces":{"own_namespace":true}}]""", job["kubernetes_sd_configs"]!.ToJsonString());
        var kept = job.Items("relabel_configs").Where(rule => rule["action"]?.ToString() == "keep")
            .ToDictionary(rule => rule["source_labels"]![0]!.ToString(), rule => rule.Text("regex"));
        Assert.Equal("true", kept["__meta_kubernetes_pod_annotation_prometheus_io_scrape"]);
        Assert.All(new[] { "edge", "server" }, name =>
            Assert.Contains(
                kept["__meta_kubernetes_pod_container_port_name"],
                Checkout.Workload(name).Container().Items("ports").Select(port => port.Text("name"))));
    }

    [Fact]
    public void Prometheus_is_started_with_the_file_that_is_mounted()
    {
        var container = Checkout.Workload("prometheus").Container();
        var file = container.Items("args").Select(argument => argument.ToString()).Single(argument =>
            argument.StartsWith("--config.file=", StringComparison.Ordinal))["--config.file=".Length..];
        Assert.Contains(
            Path.GetDirectoryName(file), container.Items("volumeMounts").Select(mount => mount.Text("mountPath")));
        Assert.Contains(Path.GetFileName(file), Checkout.ConfigMap("prometheus-files").Pairs().Keys);
    }

    [Fact]
    public void Grafana_comes_with_its_data_source_and_with_dashboards_that_use_it()
    {
        var source = Assert.Single(
            Checkout.Parse(Checkout.ConfigMap("grafana-datasources").Text("prometheus.yml")).Items("datasources"));
        Assert.Equal("$PROMETHEUS_URL", source.Text("url"));
        var address = new Uri(Checkout.ConfigMap("grafana-config").Text("PROMETHEUS_URL"));
        var prometheus = Checkout.Of("Service").Single(service => service.Name() == address.Host);
        Assert.Contains(address.Port.ToString(), prometheus["spec"]!.Items("ports").Select(port => port.Text("port")));

        var provider = Assert.Single(
            Checkout.Parse(Checkout.ConfigMap("grafana-providers").Text("edgecloud.yml")).Items("providers"));
        Assert.Contains(
            provider["options"]!.Text("path"),
            Checkout.Workload("grafana").Container().Items("volumeMounts").Select(mount => mount.Text("mountPath")));
        Assert.All(Dashboards().Values, dashboard => Assert.All(
            dashboard.Items("panels"), panel => Assert.Equal(source.Text("uid"), panel["datasource"]!.Text("uid"))));
    }

    /// <summary>
    /// kubectl apply keeps the whole object in an annotation, and annotations may have 256 KiB together.
    /// </summary>
    [Fact]
    public void Every_ConfigMap_is_small_enough_for_kubectl_apply() =>
        Assert.All(Checkout.Of("ConfigMap"), map =>
            Assert.InRange(Encoding.UTF8.GetByteCount(map.ToJsonString(Unescaped)), 1, 240 * 1024));

    /// <summary>
    /// Through the chart's template language and back: braces, which dashboards are full of, are Helm's as well.
    /// </summary>
    [Fact]
    public void A_mounted_file_is_the_repositorys_file_to_the_letter()
    {
        Assert.All(Dashboards().Keys, name => Assert.Equal(
            File.ReadAllText(Path.Combine(Repository.Root, "observability", "grafana", "dashboards", name))
                .ReplaceLineEndings("\n"), Checkout.ConfigMap("grafana-dashboards").Text(name)));
        Assert.All(Checkout.ConfigMap("prometheus-files").Pairs(), file => Assert.Equal(
            File.ReadAllText(Path.Combine(Repository.Root, "observability", "prometheus", file.Key))
                .ReplaceLineEndings("\n"), file.Value));
        Assert.Contains(Dashboards().Keys, name =>
            Regex.IsMatch(Checkout.ConfigMap("grafana-dashboards").Text(name), @"\{\{\w+\}\}"));
    }

    [Fact]
    public void Prometheus_has_the_rules_and_they_are_where_its_configuration_looks()
    {
        Assert.Equal("""["*.rules.yml"]""", PrometheusConfiguration()["rule_files"]!.ToJsonString());
        Assert.Superset(
            new HashSet<string> { "alerts.rules.yml", "recording.rules.yml" },
            Checkout.ConfigMap("prometheus-files").Pairs().Keys.ToHashSet());
    }

    private static JsonNode PrometheusConfiguration() =>
        Checkout.Parse(Checkout.ConfigMap("prometheus-files").Text("prometheus.cluster.yml"));

    private static Dictionary<string, JsonNode> Dashboards() => Checkout.ConfigMap("grafana-dashboards")
        .Pairs().ToDictionary(file => file.Key, file => JsonNode.Parse(file.Value)!);
}
