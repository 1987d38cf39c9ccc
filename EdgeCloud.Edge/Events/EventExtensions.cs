using Confluent.Kafka;

namespace EdgeCloud.Edge.Events;

internal static partial class EventExtensions
{
    /// <summary>The connection string of this name, which the AppHost injects, holds the bootstrap servers.</summary>
    private const string ConnectionName = "kafka";

    public static void AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EventOptions>().BindConfiguration(EventOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<BrokerConnection>();
        builder.Services.AddSingleton<EventPublisher>();
        builder.Services.AddHostedService<TopicLookup>();
        builder.Services.AddHealthChecks().AddCheck<BrokerConnection>("kafka");

        builder.AddKafkaProducer<string, byte[]>(
            ConnectionName,
            settings =>
            {
                // The integration's own check would make the edge unready whenever Kafka is away.
                settings.DisableHealthChecks = true;
                settings.Config.Acks = Acks.All;
                settings.Config.EnableIdempotence = true;
                settings.Config.CompressionType = CompressionType.Lz4;
                settings.Config.LingerMs = 5;
            },
            static (services, producer) =>
            {
                var connection = services.GetRequiredService<BrokerConnection>();
                var logger = services.GetRequiredService<ILogger<BrokerConnection>>();
                producer.SetErrorHandler((_, error) =>
                {
                    if (error.Code == ErrorCode.Local_AllBrokersDown && connection.Lost(error.Reason))
                        Log.Lost(logger, error.Reason);
                });
            });
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Kafka cannot be reached; events are kept and sent when it is back: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);
    }
}
