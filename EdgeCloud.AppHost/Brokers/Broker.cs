using System.Globalization;
using Confluent.Kafka;
using EdgeCloud.AppHost.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.AppHost.Brokers;

internal static class Broker
{
    public const int Partitions = 6;

    public static readonly string[] Topics = ["edge-data", "edge-data.dlq", "edge-presence"];

    /// <summary>Of a health check: a broker on this machine answers at once, or has not started yet.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Kafka, under one name and one connection string in every case: the broker that <c>ConnectionStrings:{name}</c>
    /// names, if it names one; else a container, a local Apache Kafka, or the embedded broker (docs/adr/0002).
    /// </summary>
    /// <exception cref="SetupException">A setting is invalid, or names what this machine lacks.</exception>
    public static IResourceBuilder<IResourceWithConnectionString> AddBroker(
        this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return builder.AddBrokerContainer(name);
        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)))
            return builder.AddConnectionString(name);

        return BrokerKinds.Choose(builder.Configuration) switch
        {
            BrokerKind.Container => builder.AddBrokerContainer(name),
            BrokerKind.Local => builder.AddLocalBroker(name).WithOutageDrill().EndAfterDependents(),
            _ => builder.AddEmbeddedBroker(name).WithOutageDrill(),
        };
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddBrokerContainer(
        this IDistributedApplicationBuilder builder, string name)
    {
        builder.RequireContainerRuntime();
        var kafka = builder.AddKafka(name);
        return kafka
            .WithEnvironment("KAFKA_NUM_PARTITIONS", Partitions.ToString(CultureInfo.InvariantCulture))
            .WithDataVolume("edgecloud-kafka")
            .WithKafkaUI(page => page.WithParentRelationship(kafka))
            .EndAfterDependents()
            .PublishAsBroker();
    }

    /// <summary>Healthy when the broker says which topics it has; it takes connections before that.</summary>
    public static IResourceBuilder<T> WithMetadataCheck<T>(this IResourceBuilder<T> kafka, string bootstrapServers)
        where T : IResource
    {
        var check = $"{kafka.Resource.Name}_check";
        kafka.ApplicationBuilder.Services.AddHealthChecks().AddCheck(check, () => AskForMetadata(bootstrapServers));
        return kafka.WithHealthCheck(check);
    }

    public static IAdminClient NewClient(string bootstrapServers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers })
            .SetLogHandler(static (_, _) => { })
            .Build();

    private static HealthCheckResult AskForMetadata(string bootstrapServers)
    {
        try
        {
            using var client = NewClient(bootstrapServers);
            client.GetMetadata(Patience);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Error.Reason);
        }
    }
}
