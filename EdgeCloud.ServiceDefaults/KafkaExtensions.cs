using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeCloud.ServiceDefaults;

/// <summary>What the services do alike with Kafka.</summary>
public static class KafkaExtensions
{
    /// <summary>The connection string of this name, which the AppHost injects, is the bootstrap servers.</summary>
    public const string ConnectionName = "kafka";

    /// <exception cref="StartException">Neither names any servers.</exception>
    public static void RequireServers(string? connectionString, string? bootstrapServers)
    {
        if (string.IsNullOrWhiteSpace(connectionString) && string.IsNullOrWhiteSpace(bootstrapServers))
        {
            throw new StartException(
                $"ConnectionStrings:{ConnectionName} is missing: it names Kafka's bootstrap servers, for example "
                + $"--ConnectionStrings:{ConnectionName}=localhost:9092. The AppHost sets it.");
        }
    }

    /// <summary>Creates topics that do not exist yet, with a client that the service has.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="topics">Their names.</param>
    public static void AddTopics<TClient>(
        this IHostApplicationBuilder builder, Func<IServiceProvider, IReadOnlyList<string>> topics)
        where TClient : IClient
    {
        builder.Services.AddOptions<TopicOptions>().BindValidated(TopicOptions.Section);
        builder.Services.AddHostedService(services => new TopicCreation(
            services.GetRequiredService<TClient>(),
            topics(services),
            services.GetRequiredService<IOptions<TopicOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<TopicCreation>>()));
    }
}
