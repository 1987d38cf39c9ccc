using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalBrokerPort = 9093;
    private const int KafkaUIPort = 8080;
    private const string OwnListeners = "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093";
    private const string DataDirectory = "/var/lib/kafka/data";

    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        var kafka = new KafkaServerResource(name);
        var check = $"{name}_check";
        builder.Services.AddHealthChecks()
            .AddAsyncCheck(check, cancellationToken => AskAsync(kafka, cancellationToken));
        return builder.AddResource(kafka)
            .WithEndpoint(port: port, targetPort: BrokerPort, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: InternalBrokerPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage("confluentinc/confluent-local", "8.2.0")
            .WithImageRegistry("docker.io")
            .WithIconName("MailMultiple")
            .WithEnvironment("KAFKA_LISTENERS", string.Create(CultureInfo.InvariantCulture,
                $"{OwnListeners},PLAINTEXT_HOST://0.0.0.0:{BrokerPort},"
                + $"PLAINTEXT_INTERNAL://0.0.0.0:{InternalBrokerPort}"))
            .WithEnvironment("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT")
            .WithEnvironment("KAFKA_ADVERTISED_LISTENERS", builder.ExecutionContext.IsPublishMode
                ? ReferenceExpression.Create(
                    $"PLAINTEXT://{kafka.Host}:29092,PLAINTEXT_HOST://{kafka.ConnectionStringExpression},"
                    + $"PLAINTEXT_INTERNAL://{kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort)}")
                : ReferenceExpression.Create($"PLAINTEXT://localhost:29092,PLAINTEXT_HOST://localhost:{kafka.Port},"
                    + $"PLAINTEXT_INTERNAL://{InternalAddress(kafka)}"))
            .WithHealthCheck(check);
    }

    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) => builder
            .WithEnvironment("KAFKA_LOG_DIRS", DataDirectory)
            .WithVolume(name ?? DefaultVolume(builder), DataDirectory, isReadOnly);

    public static IResourceBuilder<KafkaServerResource> WithKafkaUI(
        this IResourceBuilder<KafkaServerResource> builder,
        Action<IResourceBuilder<KafkaUIContainerResource>>? configureContainer = null, string? containerName = null)
    {
        var application = builder.ApplicationBuilder;
        if (application.Resources.OfType<KafkaUIContainerResource>().SingleOrDefault() is { } existing)
        {
            configureContainer?.Invoke(application.CreateResourceBuilder(existing));
            return builder;
        }

        var page = application.AddResource(new KafkaUIContainerResource(containerName ?? "kafka-ui"))
            .WithImage("kafbat/kafka-ui", "v1.5.0")
            .WithImageRegistry("docker.io")
            .WithIconName("WindowDatabase")
            .WithHttpEndpoint(targetPort: KafkaUIPort)
            .ExcludeFromManifest()
            .WithEnvironment(context => AddClusters(context, application.Resources.OfType<KafkaServerResource>()));
        configureContainer?.Invoke(page);
        return builder;
    }

    private static void AddClusters(EnvironmentCallbackContext context, IEnumerable<KafkaServerResource> brokers)
    {
        foreach (var (index, broker) in brokers.Index())
        {
            context.EnvironmentVariables[$"KAFKA_CLUSTERS_{index}_NAME"] = broker.Name;
            context.EnvironmentVariables[$"KAFKA_CLUSTERS_{index}_BOOTSTRAPSERVERS"] = InternalAddress(broker);
        }
    }

    private static async Task<HealthCheckResult> AskAsync(
        KafkaServerResource kafka, CancellationToken cancellationToken)
    {
        var servers = await kafka.ConnectionStringExpression.GetValueAsync(cancellationToken);
        try
        {
            using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers })
                .SetLogHandler((_, _) => { }).Build();
            client.GetMetadata(TimeSpan.FromSeconds(5));
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Error.Reason, exception);
        }
    }

    private static ReferenceExpression InternalAddress(KafkaServerResource broker) =>
        ReferenceExpression.Create($"{broker.Name}:{broker.InternalEndpoint.Property(EndpointProperty.TargetPort)}");

    private static string DefaultVolume(IResourceBuilder<KafkaServerResource> builder) =>
        $"{builder.ApplicationBuilder.Environment.ApplicationName}-{builder.Resource.Name}-data".ToLowerInvariant();
}
