using System.Globalization;
using EdgeCloud.AppHost.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.AppHost.Brokers;

internal static class Broker
{
    public const int Partitions = 6;

    public static readonly string[] Topics = ["edge-data", "edge-data.dlq"];

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

    private static IResourceBuilder<EmbeddedBrokerResource> AddEmbeddedBroker(
        this IDistributedApplicationBuilder builder, string name)
    {
        var broker = new EmbeddedBroker(Partitions, Topics);
        builder.Services.AddHostedService(_ => broker);
        return builder.AddEmbeddedBroker(name, broker);
    }
}
