using System.Text.Json.Nodes;
using Npgsql;

namespace EdgeCloud.Tests.AppHost.Cluster;

public sealed class ObjectsFitTogetherTests
{
    [Fact]
    public void Everything_lies_in_the_one_namespace_that_comes_first()
    {
        Assert.Equal("Namespace", Checkout.Objects.First().Text("kind"));
        Assert.Equal("edgecloud", Checkout.Objects.First().Name());
        Assert.All(Checkout.Objects.Skip(1), o => Assert.Equal("edgecloud", o["metadata"]!.Text("namespace")));
    }

    [Fact]
    public void No_two_objects_of_a_kind_share_a_name() =>
        Assert.Distinct(Checkout.Objects.Select(o => $"{o.Text("kind")}/{o.Name()}"));

    /// <summary>So that <c>kubectl apply --filename</c> of one file starts its workload in a namespace alone.</summary>
    [Fact]
    public void A_workloads_file_has_all_that_it_refers_to_and_the_workload_comes_last()
    {
        Assert.Equal(
            Checkout.Workloads.Select(workload => $"{workload.Name()}.yaml"),
            Checkout.Files.Keys.Skip(1).Union(Checkout.Overlay.Keys));
        Assert.All(Checkout.Files.Skip(1).Concat(Checkout.Overlay), file =>
        {
            Assert.Contains(file.Value[^1].Text("kind"), (string[])["Deployment", "StatefulSet"]);

            // The password is made by whoever deploys, and so are the addresses of cameras.
            var defined = file.Value.Select(o => $"{o.Text("kind")}/{o.Name()}")
                .Concat(["Secret/postgres", "Secret/edge-sources", "ConfigMap/edge-zones"]).ToHashSet();
            Assert.Subset(defined, file.Value.SelectMany(References).ToHashSet());
        });
        Assert.Superset(
            new HashSet<string>
            {
                "ConfigMap/kafka-config", "Service/kafka-service", "ServiceAccount/prometheus-discovery",
            },
            Checkout.Objects.SelectMany(References).ToHashSet());
    }

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
        Assert.All(volumes.Where(IsOfAConfigMapThatMustBeThere), volume =>
            Checkout.ConfigMap(volume["configMap"]!.Text("name")));
        Assert.All(
            workload.Container().Items("envFrom").Where(source => source["configMapRef"] is not null),
            source => Checkout.ConfigMap(source["configMapRef"]!.Text("name")));
    });

    private static bool IsOfAConfigMapThatMustBeThere(JsonNode volume) =>
        volume["configMap"] is { } map && map["optional"]?.GetValue<bool>() != true;

    [Fact]
    public void Every_ConfigMap_is_used()
    {
        var used = Checkout.Workloads.SelectMany(workload =>
            workload.Pod()["spec"]!.Items("volumes").Where(IsOfAConfigMapThatMustBeThere)
                .Select(volume => volume["configMap"]?.Text("name"))
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

        // All that an API server adds to a claim template. What is missing here makes each kubectl apply say
        // "configured", since it compares the templates as a whole.
        Assert.Equal(
            """
            {"volumeMode":"Filesystem","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}}}
            """, claim["spec"]!.ToJsonString());
        Assert.Equal("""{"phase":"Pending"}""", claim["status"]!.ToJsonString());
        Assert.Equal(("v1", "PersistentVolumeClaim"), (claim.Text("apiVersion"), claim.Text("kind")));
        Assert.Equal("""{"name":"data"}""", claim["metadata"]!.ToJsonString());

        var mount = kafka.Container().Items("volumeMounts").Single(mount => mount.Text("name") == claim.Name());
        Assert.StartsWith(
            mount.Text("mountPath") + "/", Checkout.ConfigMap("kafka-config").Text("KAFKA_LOG_DIRS"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_overlay_servers_share_a_PostgreSQL_by_its_Service_and_a_password_that_nobody_wrote_down()
    {
        var server = Checkout.Overlay["server.yaml"].Single(o => o.Text("kind") == "Deployment");
        Assert.Equal("2", server["spec"]!.Text("replicas"));
        Assert.Equal("RollingUpdate", server["spec"]!["strategy"]!.Text("type"));
        Assert.DoesNotContain("persistentVolumeClaim", server.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", Checkout.Overlay.SelectMany(file => file.Value).Select(o => o.Text("kind")));

        var postgres = Checkout.Workload("postgres");
        Assert.Equal(
            ("PGPASSWORD", "POSTGRES_PASSWORD"), (VariableOf("postgres/password", server),
                VariableOf("postgres/password", postgres)));
        var config = Checkout.Overlay["server.yaml"].Single(o => o.Text("kind") == "ConfigMap")["data"]!;
        var connection = new NpgsqlConnectionStringBuilder(config.Text("ConnectionStrings__history"));
        var settings = Checkout.ConfigMap("postgres-config");
        Assert.Equal(
            (settings.Text("POSTGRES_USER"), settings.Text("POSTGRES_DB"), null),
            (connection.Username, connection.Database, connection.Password));
        var service = Checkout.Of("Service").Single(service => service.Name() == connection.Host);
        Assert.Equal("postgres", SelectedBy(service["spec"]!["selector"]!).Single().Name());
        Assert.Equal($"{connection.Port}", Assert.Single(service["spec"]!.Items("ports")).Text("port"));

        static string VariableOf(string secret, JsonNode workload) => Assert.Single(
            workload.Container().Items("env"),
            variable => variable["valueFrom"]!["secretKeyRef"] is { } key
                && $"{key.Text("name")}/{key.Text("key")}" == secret).Text("name");
    }

    /// <summary>What an object names of others, wherever in it.</summary>
    private static IEnumerable<string> References(JsonNode o) => o switch
    {
        JsonObject node => node.SelectMany(field => (field.Key, field.Value) switch
        {
            ("configMap" or "configMapRef" or "configMapKeyRef", { } named) => [$"ConfigMap/{named.Text("name")}"],
            ("secretRef" or "secretKeyRef", { } named) => [$"Secret/{named.Text("name")}"],
            ("secret", JsonObject named) => [$"Secret/{named.Text("secretName")}"],
            ("persistentVolumeClaim", { } named) => [$"PersistentVolumeClaim/{named.Text("claimName")}"],
            ("serviceAccountName", { } name) => [$"ServiceAccount/{name}"],
            ("serviceName", { } name) => [$"Service/{name}"],
            ("roleRef", { } role) => [$"{role.Text("kind")}/{role.Text("name")}"],
            ("subjects", JsonArray all) => all.Select(one => $"{one!.Text("kind")}/{one!.Text("name")}"),
            (_, { } inner) => References(inner),
            _ => [],
        }),
        JsonArray items => items.SelectMany(item => References(item!)),
        _ => [],
    };

    private static IEnumerable<JsonNode> SelectedBy(JsonNode selector) => Checkout.Workloads.Where(workload =>
    {
        var labels = workload.Pod()["metadata"]!["labels"].Pairs();
        return selector.Pairs().All(wanted => labels.GetValueOrDefault(wanted.Key) == wanted.Value);
    });
}
