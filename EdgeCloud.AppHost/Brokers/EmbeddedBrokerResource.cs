using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>
/// The embedded broker as the dashboard shows it: running since it was made, with its address and what it has to say.
/// </summary>
internal sealed class EmbeddedBrokerResource(string name, EmbeddedBroker broker)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public EmbeddedBroker Broker => broker;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{broker.BootstrapServers}");
}

internal static class EmbeddedBrokerExtensions
{
    public static IResourceBuilder<EmbeddedBrokerResource> AddEmbeddedBroker(
        this IDistributedApplicationBuilder builder, string name)
    {
        var broker = new EmbeddedBroker(Broker.Partitions, Broker.Topics);
        builder.Services.AddHostedService(_ => broker);
        return builder.AddResource(new EmbeddedBrokerResource(name, broker))
            .WithIconName("MailMultiple")
            .WithMetadataCheck(broker.BootstrapServers)
            .ExcludeFromManifest()
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "Kafka",
                CreationTimeStamp = DateTime.UtcNow,
                State = KnownResourceStates.NotStarted,
                Properties = [new(CustomResourceKnownProperties.Source, "embedded: librdkafka's built-in broker")],
            })
            .OnInitializeResource(static async (resource, starting, cancellationToken) =>
            {
                var servers = resource.Broker.BootstrapServers;
                await starting.Eventing.PublishAsync(
                    new ConnectionStringAvailableEvent(resource, starting.Services), cancellationToken);
                await starting.Eventing.PublishAsync(
                    new BeforeResourceStartedEvent(resource, starting.Services), cancellationToken);
                starting.Logger.LogInformation(
                    "Listens on {Servers}. In memory: at most 5 MiB and 100,000 batches per partition.", servers);
                await starting.Notifications.PublishUpdateAsync(resource, now => now with
                {
                    State = KnownResourceStates.Running,
                    StartTimeStamp = DateTime.UtcNow,
                    Urls = [new UrlSnapshot("tcp", $"tcp://{servers}", IsInternal: false)],
                });
            });
    }
}
