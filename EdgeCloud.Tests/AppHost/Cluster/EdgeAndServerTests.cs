using System.Reflection;
using System.Text.Json.Nodes;
using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Edge.Zones;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Store;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Tests.AppHost.Cluster;

public sealed class EdgeAndServerTests
{
    private static readonly Type[] Options =
    [
        typeof(OutboxOptions), typeof(FrameOptions), typeof(FrameIntervalOptions), typeof(InferenceOptions),
        typeof(MotionGateOptions), typeof(PacingOptions), typeof(DeviceOptions), typeof(IngestOptions),
        typeof(CarbonOptions), typeof(HttpLimits), typeof(ZoneOptions),
    ];

    /// <summary>
    /// What .NET and the OpenTelemetry SDK read, and the broker's host and port, which Aspire adds for
    /// programs that want them apart.
    /// </summary>
    private static readonly string[] ReadByOthers =
        [
            "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "HTTP_PORTS", "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "KAFKA_HOST",
            "KAFKA_PORT",
        ];

    [Fact]
    public void The_edge_is_one_pod_on_port_9001_that_nothing_leads_to()
    {
        var edge = Checkout.Workload("edge");
        Assert.Equal("Deployment", edge.Text("kind"));
        Assert.Equal("1", edge["spec"]!.Text("replicas"));
        Assert.Equal("edge", edge["metadata"]!["labels"]!.Text("app"));
        Assert.Equal("edge", edge.Pod()["metadata"]!["labels"]!.Text("app"));
        Assert.Equal("9001", Assert.Single(edge.Container().Items("ports")).Text("containerPort"));
        Assert.DoesNotContain(Checkout.Of("Service"), service =>
            service["spec"]!["selector"]!.Text("app.kubernetes.io/component") == "edge");
        Assert.Empty(Checkout.Of("Ingress"));
    }

    [Fact]
    public void The_server_is_on_node_port_30902_and_nothing_else_is_open_to_the_outside()
    {
        var open = Assert.Single(Checkout.Of("Service"), service => service["spec"]!.Text("type") != "ClusterIP");
        Assert.Equal("NodePort", open["spec"]!.Text("type"));
        Assert.Equal("server", open["spec"]!["selector"]!.Text("app.kubernetes.io/component"));
        Assert.Equal("30902", Assert.Single(open["spec"]!.Items("ports")).Text("nodePort"));
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("server")]
    public void A_service_is_asked_for_its_readiness_and_its_liveness_where_it_answers_them(string name)
    {
        var container = Checkout.Workload(name).Container();
        Assert.Equal("/health", container["readinessProbe"]!["httpGet"]!.Text("path"));
        Assert.Equal("/alive", container["livenessProbe"]!["httpGet"]!.Text("path"));
        Assert.Equal("/alive", container["startupProbe"]!["httpGet"]!.Text("path"));
    }

    [Theory]
    [InlineData("edge", "Edge")]
    [InlineData("server", "Server")]
    public void A_setting_in_the_manifests_is_one_that_the_service_reads(string name, string section)
    {
        var keys = Options.Where(type => Section(type).StartsWith(section, StringComparison.Ordinal)
            || type == typeof(HttpLimits) || type == typeof(CarbonOptions))
            .SelectMany(type => type.GetProperties().Select(property => $"{Section(type)}:{property.Name}"))
            .Append("ConnectionStrings:kafka").Append("ConnectionStrings:history").ToHashSet();
        var set = Checkout.ConfigMap($"{name}-config").Pairs().Keys
            .Except(ReadByOthers).Select(variable => variable.Replace("__", ":", StringComparison.Ordinal));
        Assert.Subset(keys, set.ToHashSet());
    }

    [Theory]
    [InlineData("edge")]
    [InlineData("server")]
    public void A_service_listens_where_its_port_is_and_finds_the_broker_where_it_is(string name)
    {
        var config = Checkout.ConfigMap($"{name}-config");
        Assert.Equal(
            Checkout.Workload(name).Container()["ports"]![0]!.Text("containerPort"), config.Text("HTTP_PORTS"));

        var address = config.Text("ConnectionStrings__kafka").Split(':');
        var broker = Checkout.Of("Service").Single(service => service.Name() == address[0]);
        Assert.Contains(address[1], broker["spec"]!.Items("ports").Select(port => port.Text("port")));
        Assert.Contains(
            $"://{address[0]}:{address[1]}", Checkout.ConfigMap("kafka-config").Text("KAFKA_ADVERTISED_LISTENERS"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_edges_cameras_come_from_a_Secret_that_need_not_be_there_and_no_manifest_has_one()
    {
        var secret = Assert.Single(
            Checkout.Workload("edge").Container().Items("envFrom"), source => source["secretRef"] is not null);
        Assert.Equal("""{"name":"edge-sources","optional":true}""", secret["secretRef"]!.ToJsonString());
        Assert.Empty(Checkout.Of("Secret"));
    }

    [Fact]
    public void The_edges_zones_come_from_a_ConfigMap_that_need_not_be_there_and_no_manifest_has_one()
    {
        var edge = Checkout.Workload("edge");
        var volume = edge.Pod()["spec"]!.Items("volumes").Single(volume => volume["configMap"] is not null);
        var mount = edge.Container().Items("volumeMounts").Single(mount => mount.Text("name") == volume.Text("name"));

        Assert.Equal("""{"name":"edge-zones","optional":true}""", volume["configMap"]!.ToJsonString());
        Assert.Equal(
            $"{mount.Text("mountPath")}/zones.json", Checkout.ConfigMap("edge-config").Text("Edge__Zones__File"));
        Assert.DoesNotContain(Checkout.Of("ConfigMap"), map => map.Name() == "edge-zones");
    }

    [Fact]
    public void What_the_edge_writes_lies_on_volumes_of_their_own_with_room_for_it()
    {
        var edge = Checkout.Workload("edge");
        var outbox = VolumeOf(edge, Checkout.ConfigMap("edge-config").Text("Edge__Events__OutboxPath"));
        Assert.True(int.Parse(outbox["emptyDir"]!.Text("sizeLimit").Replace("Mi", "")) * (1L << 20)
            > 2 * new OutboxOptions().OutboxMaxBytes);
        Assert.NotEqual(outbox.Text("name"), VolumeOf(edge, "/tmp/frame.jpg").Text("name"));
    }

    [Fact]
    public void Every_listener_of_the_broker_is_advertised_mapped_and_reachable()
    {
        var config = Checkout.ConfigMap("kafka-config");
        var listening = config.Text("KAFKA_LISTENERS").Split(',')
            .Select(listener => listener.Split("://")).ToDictionary(listener => listener[0], listener => listener[1]);
        var advertised = config.Text("KAFKA_ADVERTISED_LISTENERS").Split(',')
            .Select(listener => listener.Split("://")).ToDictionary(listener => listener[0], listener => listener[1]);
        var controller = config.Text("KAFKA_CONTROLLER_LISTENER_NAMES");

        Assert.Equal(listening.Keys.Order(), config.Text("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP")
            .Split(',').Select(mapping => mapping.Split(':')[0]).Order());
        Assert.Equal(listening.Keys.Except([controller]).Order(), advertised.Keys.Order());
        Assert.EndsWith(
            "@" + listening[controller], config.Text("KAFKA_CONTROLLER_QUORUM_VOTERS"), StringComparison.Ordinal);
        Assert.Contains(config.Text("KAFKA_INTER_BROKER_LISTENER_NAME"), advertised.Keys);

        var broker = Checkout.Workload("kafka");
        var open = broker.Container().Items("ports").Select(port => port.Text("containerPort")).ToHashSet();
        var service = Checkout.Of("Service").Single(service => service.Name() == broker["spec"]!.Text("serviceName"));
        Assert.All(advertised, listener =>
        {
            var (host, port) = (listener.Value.Split(':')[0], listener.Value.Split(':')[1]);
            Assert.Equal(port, listening[listener.Key].Split(':')[1]);
            if (listening[listener.Key].StartsWith("localhost:", StringComparison.Ordinal))
                Assert.Equal("localhost", host);
            else
                Assert.Contains(port, open);
            if (host != "localhost")
                Assert.Contains(port, service["spec"]!.Items("ports").Select(open => open.Text("port")));
        });
        Assert.Contains(advertised, listener => listener.Value.StartsWith("localhost:", StringComparison.Ordinal)
            && listening[listener.Key].StartsWith("0.0.0.0:", StringComparison.Ordinal));
    }

    private static string Section(Type options) =>
        (string)options.GetField("Section", BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue()!;

    private static JsonNode VolumeOf(JsonNode workload, string path)
    {
        var mount = workload.Container().Items("volumeMounts")
            .Single(mount => path.StartsWith(mount.Text("mountPath") + "/", StringComparison.Ordinal));
        return workload.Pod()["spec"]!.Items("volumes").Single(volume => volume.Text("name") == mount.Text("name"));
    }
}
