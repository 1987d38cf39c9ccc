using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace EdgeCloud.Tests.AppHost;

public sealed class KafkaContainerTests
{
    [Fact]
    public async Task Kafka_has_its_partitions_its_listeners_and_its_data_in_a_volume()
    {
        var builder = await Topology.OfAsync("--Containers=on");
        var kafka = Assert.IsType<KafkaServerResource>(builder.Named("kafka"));

        var environment = await builder.EnvironmentAsync(kafka);

        Assert.Equal("6", environment["KAFKA_NUM_PARTITIONS"]);
        Assert.Contains("PLAINTEXT_HOST://0.0.0.0:9092", environment["KAFKA_LISTENERS"], StringComparison.Ordinal);
        Assert.Contains(
            "PLAINTEXT_HOST://localhost:", environment["KAFKA_ADVERTISED_LISTENERS"], StringComparison.Ordinal);
        var volume = Assert.Single(kafka.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(
            ("edgecloud-kafka", "/var/lib/kafka/data", ContainerMountType.Volume),
            (volume.Source, volume.Target, volume.Type));
        Assert.Equal("/var/lib/kafka/data", environment["KAFKA_LOG_DIRS"]);
    }

    [Fact]
    public async Task Kafka_UI_reaches_the_broker_by_its_name_on_the_containers_network()
    {
        var builder = await Topology.OfAsync("--Containers=on");

        var environment = await builder.EnvironmentAsync(builder.Named("kafka-ui"));

        Assert.Equal("kafka", environment["KAFKA_CLUSTERS_0_NAME"]);
        Assert.StartsWith("kafka:", environment["KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS"], StringComparison.Ordinal);
    }
}
