using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// Looks the topic up when the edge starts, since the first event would otherwise wait about a second
/// for the producer to do it.
/// </summary>
internal sealed class TopicLookup(IProducer<string, byte[]> producer, IOptions<OutboxOptions> options)
    : BackgroundService
{
    /// <summary>Cannot be cancelled, so it bounds how long it may hold up a stop.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
            admin.GetMetadata(options.Value.Topic, Timeout);
        }
        catch (KafkaException)
        {
            // The broker is away. The producer goes on looking for it, and BrokerConnection says so.
        }

        return Task.CompletedTask;
    }
}
