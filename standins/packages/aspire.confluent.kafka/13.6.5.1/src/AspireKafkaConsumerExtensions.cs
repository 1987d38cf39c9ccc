using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

public static class AspireKafkaConsumerExtensions
{
    /// <summary>
    /// Adds an <see cref="IConsumer{TKey, TValue}"/> as a singleton, built when it is first asked for.
    /// </summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaConsumerSettings>? configureSettings) =>
        builder.AddKafkaConsumer<TKey, TValue>(connectionName, configureSettings, static (_, _) => { });

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        var connection = new KafkaConnection("Consumer", connectionName);
        var settings = new KafkaConsumerSettings();
        connection.Bind(builder.Configuration, settings, servers => settings.ConnectionString = servers);
        configureSettings?.Invoke(settings);
        connection.Complete(
            settings.Config,
            settings.ConnectionString,
            (nameof(settings.DisableTracing), settings.DisableTracing),
            (nameof(settings.DisableMetrics), settings.DisableMetrics),
            (nameof(settings.DisableHealthChecks), settings.DisableHealthChecks));
        builder.Services.AddSingleton(services => Build(services, connection, settings, configureBuilder));
    }

    private static IConsumer<TKey, TValue> Build<TKey, TValue>(
        IServiceProvider services,
        KafkaConnection connection,
        KafkaConsumerSettings settings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        connection.RequireBootstrapServers(settings.Config);
        connection.RequireGroupId(settings.Config);
        var builder = new ConsumerBuilder<TKey, TValue>(settings.Config);
        configureBuilder?.Invoke(services, builder);
        KafkaConnection.Log(services, write => builder.SetLogHandler((_, message) => write(message)));
        return builder.Build();
    }
}
