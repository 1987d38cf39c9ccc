using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.AppHost.Cluster;

/// <summary>
/// Against what npm's kubernetes-models is generated from: Kubernetes' own OpenAPI description.
/// eng/validate-kubernetes.mjs says how.
/// </summary>
public sealed class KubernetesSchemaTests
{
    [Fact]
    public async Task Every_object_is_one_that_Kubernetes_knows() =>
        Assert.Empty(await ValidateAsync(
            [.. Checkout.Files.Concat(Checkout.Overlay).SelectMany(file => file.Value.Select(o => (file.Key, o)))]));

    [NightlyFact]
    public async Task Unknown_fields_wrong_types_and_words_and_missing_fields_are_found_at_any_depth()
    {
        var edge = Checkout.Workload("edge").DeepClone();
        edge["spec"]!["replicass"] = 1;
        var server = Checkout.Workload("server").DeepClone();
        server.Container()["ports"]![0]!["containerPort"] = "9002";
        var kafka = Checkout.Workload("kafka").DeepClone();
        kafka["spec"]!.AsObject().Remove("selector");
        var grafana = Checkout.Workload("grafana").DeepClone();
        grafana.Container()["livenessProbe"]!["httpGet"]!["scheme"] = "http";

        var problems = await ValidateAsync(
            ("edge.yaml", edge), ("server.yaml", server), ("kafka.yaml", kafka), ("grafana.yaml", grafana));

        Assert.Contains("edge.yaml", problems, StringComparison.Ordinal);
        Assert.Contains("replicass", problems, StringComparison.Ordinal);
        Assert.Contains(
            "server.yaml: data/spec/template/spec/containers/0/ports/0/containerPort must be integer", problems,
            StringComparison.Ordinal);
        Assert.Contains(
            "kafka.yaml: data/spec must have required property selector", problems, StringComparison.Ordinal);
        Assert.Contains(
            "grafana.yaml: data/spec/template/spec/containers/0/livenessProbe/httpGet/scheme must be "
            + "equal to one of the allowed values", problems, StringComparison.Ordinal);
    }

    private static Task<string> ValidateAsync(params (string File, JsonNode Object)[] objects)
    {
        var input = new JsonArray(
            [.. objects.Select(o => new JsonObject { ["file"] = o.File, ["object"] = o.Object.DeepClone() })]);
        var script = Path.Combine(Repository.Root, "eng", "validate-kubernetes.mjs");
        return ChildProcess.SucceedAsync(["node", script], input.ToJsonString());
    }
}
