using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// What a producer and a consumer have in common: where their settings come from, and where their log goes.
/// </summary>
/// <param name="Role"><c>Producer</c> or <c>Consumer</c>.</param>
/// <param name="Name">Of the connection string.</param>
internal sealed record KafkaConnection(string Role, string Name)
{
    private const string Component = "Aspire.Confluent.Kafka";

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

    /// <summary>Takes over the servers, and says which of the component's services are not supplied here.</summary>
    /// <exception cref="NotSupportedException">One of them is on.</exception>
    public void Complete(
        ClientConfig config, string? connectionString, params ReadOnlySpan<(string Switch, bool IsOff)> services)
    {
        foreach (var (name, isOff) in services)
        {
            if (!isOff)
                throw new NotSupportedException(
                    $"This feed lacks {Component}, and what stands in for it wants {name} = true.");
        }

        if (connectionString is not null)
            config.BootstrapServers = connectionString;
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
            throw new InvalidOperationException(
                $"The Kafka consumer '{Name}' has no group id: set {SectionName}:Config:GroupId.");
    }

    /// <summary>Routes the client's log to the host's, unless the application set a handler.</summary>
    public static void Log(IServiceProvider services, Action<Action<LogMessage>> setLogHandler)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(Component);
        try
        {
            setLogHandler(message => logger.Log(
                (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging), default, message.Message, null,
                static (text, _) => text));
        }
        catch (InvalidOperationException)
        {
            // The application set one of its own.
        }
    }
}
