using System.Globalization;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>Kafka in the cluster: one broker that is its own controller, on a volume that outlives it.</summary>
internal static class Kafka
{
    /// <summary>
    /// The image Aspire chooses is for development: it starts a REST proxy beside the broker and writes
    /// all over its file system.
    /// </summary>
    private const string Image =
        "docker.io/apache/kafka:4.1.0@sha256:bff074a5d0051dbc0bbbcd25b045bb1fe84833ec0d3c7c965d1797dd289ec88f";

    /// <summary>
    /// For a client outside of the cluster, which reaches the broker as localhost through kubectl port-forward.
    /// </summary>
    private const int ForwardedPort = 9094;

    private const string DataVolume = "data";
    private const string DataDirectory = "/var/lib/kafka/data";
    private const string DataSize = "2Gi";

    private static readonly Pod Pod = new()
    {
        User = 1000,
        CpuRequest = "200m",
        CpuLimit = "1",
        MemoryRequest = "448Mi",
        MemoryLimit = "640Mi",

        // A controlled shutdown closes every segment; one that is killed has to read them again.
        GracePeriodSeconds = 60,
    };

    public static IResourceBuilder<KafkaServerResource> PublishAsBroker(
        this IResourceBuilder<KafkaServerResource> kafka)
    {
        if (kafka.ApplicationBuilder.ExecutionContext.IsPublishMode)
            kafka.WithEnvironment(context => Configure(context, kafka.Resource));

        return kafka.PublishAsPod(Pod, published =>
        {
            var container = published.Container();
            container.Image = Image;
            container.Ports.Add(
                new ContainerPortV1 { Name = "forwarded", Protocol = "TCP", ContainerPort = ForwardedPort });
            ClaimVolume(published);
            published.AddScratch("config", "/opt/kafka/config", "1Mi");
            published.AddScratch("logs", "/opt/kafka/logs", "64Mi");
            published.AddScratch("tmp", "/tmp", "64Mi");

            // The broker opens its ports when its logs are recovered. Asking in Kafka's own protocol would start
            // a Java machine each time.
            published.AddTcpProbes(startupPeriodSeconds: 5, failureThreshold: 60);
        });
    }

    private static void Configure(EnvironmentCallbackContext context, KafkaServerResource kafka)
    {
        var set = context.EnvironmentVariables;
        set["KAFKA_NODE_ID"] = "1";
        set["KAFKA_PROCESS_ROLES"] = "broker,controller";
        set["KAFKA_CONTROLLER_QUORUM_VOTERS"] = "1@localhost:29093";
        set["KAFKA_CONTROLLER_LISTENER_NAMES"] = "CONTROLLER";
        set["KAFKA_INTER_BROKER_LISTENER_NAME"] = "PLAINTEXT";

        // Aspire advertises its own traffic at the Service, which does not carry that port, while the broker listens
        // for it on localhost only.
        set["KAFKA_ADVERTISED_LISTENERS"] = ReferenceExpression.Create(
            $"PLAINTEXT://localhost:29092,"
            + $"PLAINTEXT_HOST://{kafka.PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},"
            + $"PLAINTEXT_INTERNAL://{kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort)},"
            + $"PLAINTEXT_FORWARDED://localhost:{ForwardedPort.ToString(CultureInfo.InvariantCulture)}");
        set["KAFKA_LISTENERS"] = $"{set["KAFKA_LISTENERS"]},"
            + $"PLAINTEXT_FORWARDED://0.0.0.0:{ForwardedPort.ToString(CultureInfo.InvariantCulture)}";
        set["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            $"{set["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]},PLAINTEXT_FORWARDED:PLAINTEXT";

        // One broker holds the only copy of everything.
        set["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"] = "1";
        set["KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR"] = "1";
        set["KAFKA_TRANSACTION_STATE_LOG_MIN_ISR"] = "1";
        set["KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS"] = "0";

        // Below the volume's root, where a file system of its own would have lost+found. Two topics of six partitions
        // may fill 12 × (64 + 16) MiB of its 2 GiB.
        set["KAFKA_LOG_DIRS"] = $"{DataDirectory}/log";
        set["KAFKA_LOG_RETENTION_BYTES"] = "67108864";
        set["KAFKA_LOG_SEGMENT_BYTES"] = "16777216";
        set["KAFKA_HEAP_OPTS"] = "-Xms256m -Xmx256m";
    }

    /// <summary>In place of Aspire's emptyDir, with which a restarted pod would start empty.</summary>
    private static void ClaimVolume(KubernetesResource published)
    {
        var workload = (StatefulSet)published.Workload!;
        workload.Spec.ServiceName = published.Service!.Metadata.Name;
        workload.Spec.Template.Spec.Volumes.Clear();
        published.Container().VolumeMounts.Single().Name = DataVolume;

        workload.Spec.VolumeClaimTemplates.Add(ClusterExtensions.NewClaim(DataVolume, DataSize));
    }
}
