using Confluent.Kafka;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Outbox;

internal static class OutboxExtensions
{
    public static void AddOutbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OutboxOptions>().BindValidated(OutboxOptions.Section);
        builder.Services.AddSingleton<BrokerConnection>();
        builder.Services.AddSingleton<OutboxMetrics>();
        builder.Services.TryAddSingleton<StageMetrics>();
        builder.Services.AddSingleton<OutboxInbox>();
        builder.Services.AddSingleton<OutboxStore>();
        builder.Services.AddSingleton<EventProducer>();
        builder.Services.AddSingleton<OutboxSender>();
        builder.Services.AddSingleton<OutboxHealth>();
        builder.Services.AddSingleton<EventOutbox>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventOutbox>());
        builder.AddTopics<IProducer<string, byte[]>>(
            static services =>
            {
                var topics = services.GetRequiredService<IOptions<OutboxOptions>>().Value;
                return [topics.Topic, topics.PresenceTopic];
            });
        builder.Services.AddHealthChecks().AddCheck<BrokerConnection>("kafka").AddCheck<OutboxHealth>("outbox");

        builder.AddKafkaProducer<string, byte[]>(
            KafkaExtensions.ConnectionName,
            settings =>
            {
                KafkaExtensions.RequireServers(settings.ConnectionString, settings.Config.BootstrapServers);

                // The integration's own check would make the edge unready whenever Kafka is away.
                settings.DisableHealthChecks = true;

                // Its spans and metrics end with the handing over, before anything is sent, and have the names of the
                // conventions of 2024: ours take their place.
                settings.DisableTracing = true;
                settings.DisableMetrics = true;
                settings.Config.Acks = Acks.All;
                settings.Config.EnableIdempotence = true;
                settings.Config.CompressionType = CompressionType.Lz4;
                settings.Config.LingerMs = 5;

                // A report is asked for its error alone; the rest of the message would be copied back with it.
                settings.Config.DeliveryReportFields = "none";

                // Unlimited: giving up and the order of the events are the outbox's affair.
                settings.Config.MessageTimeoutMs = 0;
                settings.Config.ReconnectBackoffMaxMs = 2000;
            },
            static (services, producer) =>
            {
                var connection = services.GetRequiredService<BrokerConnection>();
                producer.SetErrorHandler((_, error) =>
                {
                    if (error.IsFatal)
                        connection.Failed(error.Reason);
                    else if (error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl)
                        connection.Bars(error.Reason);
                    else if (error.Code == ErrorCode.Local_AllBrokersDown)
                        connection.Lost(error.Reason);
                });
            });
    }
}
