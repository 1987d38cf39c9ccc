using System.Text.RegularExpressions;
using EdgeCloud.Tests.Observability;
using Npgsql;
using YamlDotNet.RepresentationModel;

namespace EdgeCloud.Tests.Deployment;

public sealed class KafkaComposeTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "kafka-compose");
    private static readonly YamlMappingNode Compose = Yaml.Load("kafka-compose", "docker-compose.yaml");

    private static YamlNode Kafka => Compose.At("services", "kafka");

    /// <summary>Our own is built from the checkout.</summary>
    [Fact]
    public void Every_image_of_others_is_pinned_by_digest()
    {
        Assert.All(
            Compose.At("services").Keys().Where(service => service != "server"), service => Assert.Matches(
                @"^docker\.io/[a-z/-]+:v?\d+(\.\d+){1,2}@sha256:[0-9a-f]{64}$",
                Compose.At("services", service, "image").Text()));
        Assert.Equal("edgecloud-server:${EDGECLOUD_TAG:-dev}", Compose.At("services", "server", "image").Text());
        Assert.True(File.Exists(Path.GetFullPath(
            Compose.At("services", "server", "build", "dockerfile").Text(),
            Path.GetFullPath(Compose.At("services", "server", "build", "context").Text(), Folder))));
    }

    [Fact]
    public void It_starts_without_a_variable_and_then_clients_reach_the_broker_as_localhost()
    {
        var variables = Regex.Matches(
            File.ReadAllText(Path.Combine(Folder, "docker-compose.yaml")), @"(?<!\$)\$(\{[^}]*\}|\w+)")
            .Select(match => match.Value).ToArray();
        Assert.Contains("${KAFKA_ADVERTISED_HOST:-localhost}", variables);
        Assert.All(variables, variable => Assert.Matches(@"^\$\{[A-Z_]+:-[^}]+\}$", variable));
        Assert.StartsWith(
            "EXTERNAL://${KAFKA_ADVERTISED_HOST:-localhost}:9092,",
            Kafka.At("environment", "KAFKA_ADVERTISED_LISTENERS").Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_folder_that_is_mounted_is_in_the_repository_and_every_volume_is_declared() => Assert.All(
        Compose.At("services").Keys().SelectMany(service =>
            Compose.At("services", service).Find("volumes")?.Texts() ?? []), mount =>
        {
            var source = mount.Split(':')[0];
            if (source.StartsWith('.'))
                Assert.NotEmpty(Directory.GetFiles(Path.GetFullPath(source, Folder)));
            else
                Assert.Contains(source, Compose.At("volumes").Keys());
        });

    [Fact]
    public void A_profile_brings_server_Prometheus_and_Grafana_along_for_this_machine_alone()
    {
        Assert.All(["server", "prometheus", "grafana"], (string service) =>
        {
            Assert.Equal(["all"], Compose.At("services", service, "profiles").Texts());
            Assert.All(Compose.At("services", service, "ports").Texts(), port =>
                Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        });
        Assert.Contains(
            $"INTERNAL://{Compose.At("services", "server", "environment", "ConnectionStrings__kafka").Text()}",
            Kafka.At("environment", "KAFKA_ADVERTISED_LISTENERS").Text(), StringComparison.Ordinal);
    }

    /// <summary>By default on a volume; with another profile in a PostgreSQL that no port leads to.</summary>
    [Fact]
    public void The_history_outlives_the_server_in_a_file_or_in_a_PostgreSQL()
    {
        var server = Compose.At("services", "server");
        var file = server.At("environment", "ConnectionStrings__history").Text();
        Assert.Equal("${EDGECLOUD_HISTORY:-Data Source=/var/lib/edgecloud/history.db}", file);
        Assert.Equal(["history:/var/lib/edgecloud"], server.At("volumes").Texts());

        var postgres = Compose.At("services", "postgres");
        Assert.Equal(["postgres"], postgres.At("profiles").Texts());
        Assert.Null(postgres.Find("ports"));
        Assert.Equal(Checkout.Workload("postgres").Container().Text("image"), postgres.At("image").Text());
        var comment = File.ReadLines(Path.Combine(Folder, "docker-compose.yaml"))
            .Single(line => line.Contains("EDGECLOUD_HISTORY=", StringComparison.Ordinal));
        var connection = new NpgsqlConnectionStringBuilder(comment.Split('"')[1]);
        Assert.Equal(
            ("postgres", postgres.At("environment", "POSTGRES_USER").Text(),
                postgres.At("environment", "POSTGRES_DB").Text()),
            (connection.Host, connection.Username, connection.Database));
    }

    /// <summary>What it says beside addresses is what the AppHost says.</summary>
    [Fact]
    public void Grafana_is_set_up_as_it_is_in_the_cluster()
    {
        var (here, cluster) = (Compose.At("services", "grafana"), Checkout.Workload("grafana"));
        Assert.Equal(cluster.Container().Text("image"), here.At("image").Text());
        Assert.Equal(
            Checkout.ConfigMap("grafana-config").Pairs().Where(setting => setting.Key != "PROMETHEUS_URL")
                .OrderBy(setting => setting.Key, StringComparer.Ordinal),
            here.At("environment").Keys().Where(key => key != "PROMETHEUS_URL").Order(StringComparer.Ordinal)
                .Select(key => KeyValuePair.Create(key, here.At("environment", key).Text())));
        Assert.Subset(
            cluster.Container().Items("volumeMounts").Select(mount => mount.Text("mountPath")).ToHashSet(),
            here.At("volumes").Texts().Select(mount => mount.Split(':')[1]).ToHashSet());
    }

    /// <summary>The script that the container runs, run here with other folders.</summary>
    [Fact]
    public async Task Prometheus_gets_the_checked_in_rules_and_the_addresses_of_both_services()
    {
        using var folder = new TemporaryFolder();
        var prometheus = Compose.At("services", "prometheus");
        Assert.Equal(Checkout.Workload("prometheus").Container().Text("image"), prometheus.At("image").Text());
        var script = Assert.Single(prometheus.At("command").Texts())
            .Replace("$$", "$", StringComparison.Ordinal)
            .Replace("/etc/prometheus", Rules.Folder, StringComparison.Ordinal)
            .Replace(" /prometheus/", $" {folder.Path}/", StringComparison.Ordinal)
            .Replace("=/prometheus/", $"={folder.Path}/", StringComparison.Ordinal)
            .Replace("exec /bin/prometheus", "echo", StringComparison.Ordinal);

        var started = await ChildProcess.SucceedAsync(
            ["env", "EDGE=edge:1", "SERVER=server:2", "sh", "-euc", script]);

        Assert.StartsWith($"--config.file={folder.File("prometheus.yml")} ", started, StringComparison.Ordinal);
        var configuration = File.ReadAllText(folder.File("prometheus.yml"));
        Assert.Contains("[\"edge:1\"]", configuration, StringComparison.Ordinal);
        Assert.Contains("[\"server:2\"]", configuration, StringComparison.Ordinal);
        Assert.DoesNotContain(": [\"localhost", configuration, StringComparison.Ordinal);
        Assert.Equal(
            Directory.GetFiles(Rules.Folder, "*.rules.yml").Select(Path.GetFileName).Order(),
            Directory.GetFiles(folder.Path, "*.rules.yml").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_listener_for_the_outside_is_on_the_published_port_and_only_that_one()
    {
        var listeners = Listeners("KAFKA_LISTENERS");
        Assert.Equal(["9092:9092"], Kafka.At("ports").Texts());
        Assert.Equal("9092", listeners["EXTERNAL"]);
        Assert.Equal("9092", Listeners("KAFKA_ADVERTISED_LISTENERS")["EXTERNAL"]);
        Assert.Equal(Listeners("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP").Keys.Order(), listeners.Keys.Order());
        Assert.Contains(Kafka.At("environment", "KAFKA_INTER_BROKER_LISTENER_NAME").Text(), listeners.Keys);
    }

    [Fact]
    public void It_is_a_broker_and_its_own_controller_and_replicates_to_nobody()
    {
        var environment = Kafka.At("environment");
        Assert.Equal("broker,controller", environment.At("KAFKA_PROCESS_ROLES").Text());
        Assert.Equal(
            $"{environment.At("KAFKA_NODE_ID").Text()}@{Kafka.At("hostname").Text()}:"
            + $"{Listeners("KAFKA_LISTENERS")["CONTROLLER"]}", environment.At("KAFKA_CONTROLLER_QUORUM_VOTERS").Text());
        Assert.All(environment.Keys().Where(key => key.EndsWith("REPLICATION_FACTOR", StringComparison.Ordinal)), key =>
            Assert.Equal("1", environment.At(key).Text()));
    }

    [Fact]
    public void Its_data_is_in_a_volume_that_exists()
    {
        var volume = Assert.Single(Kafka.At("volumes").Texts()).Split(':');
        Assert.Contains(volume[0], Compose.At("volumes").Keys());
        Assert.Equal(Kafka.At("environment", "KAFKA_LOG_DIRS").Text(), volume[1]);
    }

    [Fact]
    public void Both_topics_are_created_with_six_partitions_once_the_broker_is_healthy()
    {
        var topics = Compose.At("services", "topics");
        Assert.Equal("service_healthy", topics.At("depends_on", "kafka", "condition").Text());
        Assert.Contains(
            "kafka-broker-api-versions.sh", string.Join(' ', Kafka.At("healthcheck", "test").Texts()),
            StringComparison.Ordinal);
        var script = Assert.Single(topics.At("command").Texts());
        Assert.Contains("for topic in edge-data edge-data.dlq edge-presence; do", script, StringComparison.Ordinal);
        Assert.Contains(
            "--create --if-not-exists --topic \"$$topic\" --partitions 6", script, StringComparison.Ordinal);
        Assert.Equal(Kafka.At("image").Text(), topics.At("image").Text());
    }

    [Fact]
    public void Kafka_UI_comes_on_request_only()
    {
        Assert.Equal(["ui"], Compose.At("services", "kafka-ui", "profiles").Texts());
        Assert.All(
            ["kafka", "topics"], (string service) => Assert.Null(Compose.At("services", service).Find("profiles")));
    }

    /// <summary>What stands behind the last colon of each entry, by listener.</summary>
    private static Dictionary<string, string> Listeners(string key) =>
        Kafka.At("environment", key)
            .Text().Split(",").ToDictionary(entry => entry[..entry.IndexOf(':', StringComparison.Ordinal)], entry =>
                entry[(entry.LastIndexOf(':') + 1)..]);
}
