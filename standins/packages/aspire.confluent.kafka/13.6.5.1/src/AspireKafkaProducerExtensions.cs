using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Instrumentation.ConfluentKafka;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects an application that produces to Kafka.</summary>
public static class AspireKafkaProducerExtensions
{
    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, configureBuilder);

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, null);

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, null);

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, configureBuilder);

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IProducer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var connection = new KafkaConnection("Producer", name, serviceKey);
        var settings = new KafkaProducerSettings();
        connection.Bind(builder.Configuration, settings, connectionString => settings.ConnectionString = connectionString);
        configureSettings?.Invoke(settings);
        KafkaConnection.Complete(settings.Config, settings.ConnectionString, settings.DisableMetrics);

        builder.Services.AddKeyedSingleton(serviceKey, (services, _) => CreateBuilder(services, connection, settings, configureBuilder));
        builder.Services.AddKeyedSingleton<IProducer<TKey, TValue>>(serviceKey, (services, _) => BuilderOf(services).Build());
        KafkaConnection.AddTelemetry(builder.Services, settings.DisableMetrics, settings.DisableTracing, services => BuilderOf(services).Telemetry);
        if (!settings.DisableHealthChecks)
            connection.AddHealthCheck(builder, services => BuilderOf(services).Settings);

        InstrumentedProducerBuilder<TKey, TValue> BuilderOf(IServiceProvider services) =>
            services.GetRequiredKeyedService<InstrumentedProducerBuilder<TKey, TValue>>(serviceKey);
    }

    private static InstrumentedProducerBuilder<TKey, TValue> CreateBuilder<TKey, TValue>(
        IServiceProvider services,
        KafkaConnection connection,
        KafkaProducerSettings settings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        connection.RequireBootstrapServers(settings.Config);
        var builder = new InstrumentedProducerBuilder<TKey, TValue>(settings.Config);
        configureBuilder?.Invoke(services, builder);
        KafkaConnection.Log(services, write => builder.SetLogHandler((_, message) => write(message)));
        return builder;
    }

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        configureBuilder is null ? null : (_, builder) => configureBuilder(builder);
}
