using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.AppHost.Cluster;

public sealed class ObjectsFitTogetherTests
{
    [Fact]
    public void Everything_lies_in_the_one_namespace_that_comes_first()
    {
        Assert.Equal("Namespace", Checkout.Objects.First().Value.Text("kind"));
        Assert.Equal("edgecloud", Checkout.Objects.First().Value.Name());
        Assert.All(Checkout.Objects.Values.Skip(1), o => Assert.Equal("edgecloud", o["metadata"]!.Text("namespace")));
    }

    [Fact]
    public void No_two_objects_of_a_kind_share_a_name() =>
        Assert.Distinct(Checkout.Objects.Values.Select(o => $"{o.Text("kind")}/{o.Name()}"));

    [Fact]
    public void Workloads_select_their_own_pods_and_no_others() => Assert.All(Checkout.Workloads, workload =>
        Assert.Equal(workload.Name(), SelectedBy(workload["spec"]!["selector"]!["matchLabels"]!).Single().Name()));

    [Fact]
    public void Services_lead_to_one_workload_and_to_ports_that_it_has() =>
        Assert.All(Checkout.Of("Service"), service =>
        {
            var container = SelectedBy(service["spec"]!["selector"]!).Single().Container();
            var ports = container.Items("ports").Select(port => port.Text("containerPort")).ToHashSet();
            Assert.All(service["spec"]!.Items("ports"), port => Assert.Contains(port.Text("targetPort"), ports));
        });

    [Fact]
    public void Probes_ask_ports_that_there_are() => Assert.All(Checkout.Workloads, workload =>
    {
        var container = workload.Container();
        var ports = container.Items("ports")
            .SelectMany(port => new[] { port.Text("name"), port.Text("containerPort") }).ToHashSet();
        Assert.All(new[] { "startupProbe", "readinessProbe", "livenessProbe" }, probe =>
            Assert.Contains((container[probe]!["httpGet"] ?? container[probe]!["tcpSocket"])!.Text("port"), ports));
    });

    [Fact]
    public void Volumes_that_are_mounted_exist_and_their_ConfigMaps_too() => Assert.All(Checkout.Workloads, workload =>
    {
        var volumes = workload.Pod()["spec"]!.Items("volumes").ToArray();
        var claims = workload["spec"]!.Items("volumeClaimTemplates").Select(claim => claim.Name());
        Assert.Equal(
            volumes.Select(volume => volume.Text("name")).Concat(claims).Order(),
            workload.Container().Items("volumeMounts").Select(mount => mount.Text("name")).Order());
        Assert.All(volumes.Where(volume => volume["configMap"] is not null), volume =>
            Checkout.ConfigMap(volume["configMap"]!.Text("name")));
        Assert.All(
            workload.Container().Items("envFrom"), source => Checkout.ConfigMap(source["configMapRef"]!.Text("name")));
    });

    [Fact]
    public void Every_ConfigMap_is_used()
    {
        var used = Checkout.Workloads.SelectMany(workload =>
            workload.Pod()["spec"]!.Items("volumes").Select(volume => volume["configMap"]?.Text("name"))
                .Concat(workload.Container().Items("envFrom").Select(source => source["configMapRef"]?.Text("name"))));
        Assert.Equal(Checkout.Of("ConfigMap").Select(map => map.Name()).Order(), used.OfType<string>().Order());
    }

    [Fact]
    public void The_broker_keeps_its_log_on_a_claimed_volume_and_names_its_Service()
    {
        var kafka = Checkout.Workload("kafka");
        Assert.Equal("StatefulSet", kafka.Text("kind"));
        Assert.Contains(kafka["spec"]!.Text("serviceName"), Checkout.Of("Service").Select(service => service.Name()));

        var claim = Assert.Single(kafka["spec"]!.Items("volumeClaimTemplates"));
        var mount = kafka.Container().Items("volumeMounts").Single(mount => mount.Text("name") == claim.Name());
        Assert.StartsWith(
            mount.Text("mountPath") + "/", Checkout.ConfigMap("kafka-config").Text("KAFKA_LOG_DIRS"),
            StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> SelectedBy(JsonNode selector) => Checkout.Workloads.Where(workload =>
    {
        var labels = workload.Pod()["metadata"]!["labels"].Pairs();
        return selector.Pairs().All(wanted => labels.GetValueOrDefault(wanted.Key) == wanted.Value);
    });
}
