using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

public static class AspireKafkaProducerExtensions
{
    /// <summary>
    /// Adds an <see cref="IProducer{TKey, TValue}"/> as a singleton, built when it is first asked for.
    /// </summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName,
        Action<KafkaProducerSettings>? configureSettings) =>
        builder.AddKafkaProducer<TKey, TValue>(connectionName, configureSettings, static (_, _) => { });

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        var connection = new KafkaConnection("Producer", connectionName);
        var settings = new KafkaProducerSettings();
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

    private static IProducer<TKey, TValue> Build<TKey, TValue>(
        IServiceProvider services,
        KafkaConnection connection,
        KafkaProducerSettings settings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        connection.RequireBootstrapServers(settings.Config);
        var builder = new ProducerBuilder<TKey, TValue>(settings.Config);
        configureBuilder?.Invoke(services, builder);
        KafkaConnection.Log(services, write => builder.SetLogHandler((_, message) => write(message)));
        return builder.Build();
    }
}
