using System.Globalization;
using EdgeCloud.AppHost.Cluster;
using EdgeCloud.AppHost.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.AppHost;

internal static class Broker
{
    private const int Partitions = 6;

    private static readonly string[] Topics = ["edge-data", "edge-data.dlq"];

    /// <summary>
    /// Kafka, under one name and one connection string in every case: the broker that <c>ConnectionStrings:{name}</c> names, if it names one; else a container
    /// where there is a container runtime (or a chart is being published); otherwise the embedded broker, in this process.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddBroker(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsRunMode && !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)))
            return builder.AddConnectionString(name);

        if (builder.ExecutionContext.IsPublishMode || ContainerRuntime.IsWanted(builder.Configuration))
        {
            var kafka = builder.AddKafka(name);
            return kafka
                .WithEnvironment("KAFKA_NUM_PARTITIONS", Partitions.ToString(CultureInfo.InvariantCulture))
                .WithDataVolume("edgecloud-kafka")
                .WithKafkaUI(page => page.WithParentRelationship(kafka))
                .PublishAsBroker();
        }

        var broker = new EmbeddedBroker(Partitions, Topics);
        builder.Services.AddHostedService(_ => broker);
        return builder.AddEmbeddedBroker(name, broker).WithOutageDrill();
    }
}
