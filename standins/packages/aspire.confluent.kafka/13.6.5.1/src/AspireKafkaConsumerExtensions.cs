using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Instrumentation.ConfluentKafka;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects an application that consumes from Kafka.</summary>
public static class AspireKafkaConsumerExtensions
{
    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, configureBuilder);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a singleton, built when it is first asked for.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, null);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, null);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, configureBuilder);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> as a keyed singleton; its connection string has the same name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var connection = new KafkaConnection("Consumer", name, serviceKey);
        var settings = new KafkaConsumerSettings();
        connection.Bind(builder.Configuration, settings, connectionString => settings.ConnectionString = connectionString);
        configureSettings?.Invoke(settings);
        KafkaConnection.Complete(settings.Config, settings.ConnectionString, settings.DisableMetrics);

        builder.Services.AddKeyedSingleton(serviceKey, (services, _) => CreateBuilder(services, connection, settings, configureBuilder));
        builder.Services.AddKeyedSingleton<IConsumer<TKey, TValue>>(serviceKey, (services, _) => BuilderOf(services).Build());
        KafkaConnection.AddTelemetry(builder.Services, settings.DisableMetrics, settings.DisableTracing, services => BuilderOf(services).Telemetry);
        if (!settings.DisableHealthChecks)
            connection.AddHealthCheck(builder, services => BuilderOf(services).Settings);

        InstrumentedConsumerBuilder<TKey, TValue> BuilderOf(IServiceProvider services) =>
            services.GetRequiredKeyedService<InstrumentedConsumerBuilder<TKey, TValue>>(serviceKey);
    }

    private static InstrumentedConsumerBuilder<TKey, TValue> CreateBuilder<TKey, TValue>(
        IServiceProvider services,
        KafkaConnection connection,
        KafkaConsumerSettings settings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        connection.RequireBootstrapServers(settings.Config);
        connection.RequireGroupId(settings.Config);
        var builder = new InstrumentedConsumerBuilder<TKey, TValue>(settings.Config);
        configureBuilder?.Invoke(services, builder);
        KafkaConnection.Log(services, write => builder.SetLogHandler((_, message) => write(message)));
        return builder;
    }

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        configureBuilder is null ? null : (_, builder) => configureBuilder(builder);
}
