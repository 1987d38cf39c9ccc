using YamlDotNet.RepresentationModel;

namespace EdgeCloud.Tests.Deployment;

public sealed class KafkaComposeTests
{
    private static readonly YamlMappingNode Compose = Yaml.Load("kafka-compose", "docker-compose.yaml");

    private static YamlNode Kafka => Compose.At("services", "kafka");

    [Fact]
    public void Every_image_is_pinned_by_digest() => Assert.All(
        Compose.At("services").Keys(), service =>
            Assert.Matches(@"^docker\.io/[a-z/-]+:v?\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$", Compose.At("services", service, "image").Text()));

    [Fact]
    public void One_variable_says_where_clients_reach_the_broker_and_it_must_be_set()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "kafka-compose", "docker-compose.yaml"));
        var variables = System.Text.RegularExpressions.Regex.Matches(text, @"(?<!\$)\$\{([A-Z_]+)(:\?[^}]+)?\}");
        var variable = Assert.Single(variables);
        Assert.Equal("KAFKA_ADVERTISED_HOST", variable.Groups[1].Value);
        Assert.True(variable.Groups[2].Success, "Without a value Compose must say what is missing.");
        Assert.StartsWith(
            "EXTERNAL://${KAFKA_ADVERTISED_HOST", Kafka.At("environment", "KAFKA_ADVERTISED_LISTENERS").Text(),
            StringComparison.Ordinal);
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
        Assert.Contains("for topic in edge-data edge-data.dlq; do", script, StringComparison.Ordinal);
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
