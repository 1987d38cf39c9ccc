using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Instrumentation.ConfluentKafka;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Aspire.Confluent.Kafka;

/// <summary>What a producer and a consumer have in common: where their settings come from, their telemetry, their health check.</summary>
/// <param name="Role"><c>Producer</c> or <c>Consumer</c>.</param>
/// <param name="Name">Of the connection string.</param>
/// <param name="ServiceKey">The name again for a keyed service, else null.</param>
internal sealed record KafkaConnection(string Role, string Name, string? ServiceKey)
{
    private const string Component = "Aspire.Confluent.Kafka";
    private const int DefaultStatisticsIntervalMilliseconds = 1000;

    private string SectionName => $"Aspire:Confluent:Kafka:{Role}";

    /// <summary>The component's section, then the connection's own below it, then the connection string.</summary>
    public void Bind(IConfiguration configuration, object settings, Action<string> setConnectionString)
    {
        var section = configuration.GetSection(SectionName);
        section.Bind(settings);
        section.GetSection(Name).Bind(settings);
        if (configuration.GetConnectionString(Name) is { } connectionString)
            setConnectionString(connectionString);
    }

    public static void Complete(ClientConfig config, string? connectionString, bool disableMetrics)
    {
        if (connectionString is not null)
            config.BootstrapServers = connectionString;
        if (!disableMetrics)
            config.StatisticsIntervalMs ??= DefaultStatisticsIntervalMilliseconds;
    }

    /// <exception cref="InvalidOperationException">Nothing says which servers to connect to.</exception>
    public void RequireBootstrapServers(ClientConfig config)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers))
        {
            throw new InvalidOperationException(
                $"The Kafka {Role.ToLowerInvariant()} '{Name}' has no bootstrap servers: "
                + $"set ConnectionStrings:{Name} or {SectionName}:Config:BootstrapServers.");
        }
    }

    /// <exception cref="InvalidOperationException">Nothing names the consumer group.</exception>
    public void RequireGroupId(ConsumerConfig config)
    {
        if (config.GroupId is null)
            throw new InvalidOperationException($"The Kafka consumer '{Name}' has no group id: set {SectionName}:Config:GroupId.");
    }

    /// <summary>Routes the client's log to the host's, unless the application set a handler.</summary>
    public static void Log(IServiceProvider services, Action<Action<LogMessage>> setLogHandler)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Component);
        try
        {
            setLogHandler(message => logger.Log(
                (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging), default, message.Message, null, static (text, _) => text));
        }
        catch (InvalidOperationException)
        {
            Messages.LogHandlerAlreadySet(logger, null);
        }
    }

    public static void AddTelemetry(
        IServiceCollection services, bool disableMetrics, bool disableTracing, Func<IServiceProvider, KafkaTelemetry> telemetryOf)
    {
        // Not before a provider is built does anything listen, so not before that is anything recorded.
        if (!disableMetrics)
        {
            services.AddOpenTelemetry().WithMetrics(metrics =>
                metrics.AddMeter(KafkaTelemetry.Name).AddInstrumentation(provider => Switch(telemetryOf(provider), on => on.Metrics = true)));
        }
        if (!disableTracing)
        {
            services.AddOpenTelemetry().WithTracing(tracing =>
                tracing.AddSource(KafkaTelemetry.Name).AddInstrumentation(provider => Switch(telemetryOf(provider), on => on.Traces = true)));
        }
    }

    public void AddHealthCheck(IHostApplicationBuilder builder, Func<IServiceProvider, ClientConfig> configOf)
    {
        var checkName = ServiceKey is null ? $"{Component}.{Role}" : $"{Component}.{Role}_{ServiceKey}";
        builder.Services.TryAddKeyedSingleton(checkName, (provider, _) => new KafkaHealthCheck(configOf(provider)));
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{checkName}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                checkName, provider => provider.GetRequiredKeyedService<KafkaHealthCheck>(checkName), failureStatus: null, tags: null));
        }
    }

    private static KafkaTelemetry Switch(KafkaTelemetry telemetry, Action<KafkaTelemetry> on)
    {
        on(telemetry);
        return telemetry;
    }

    private static class Messages
    {
        public static readonly Action<ILogger, Exception?> LogHandlerAlreadySet = LoggerMessage.Define(
            LogLevel.Warning, default, "The application set a log handler of its own; this one is not added.");
    }
}
