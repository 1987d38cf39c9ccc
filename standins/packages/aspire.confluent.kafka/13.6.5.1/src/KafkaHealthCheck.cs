using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy when a message can be produced within a second, with the security and servers of the client it speaks for.</summary>
internal sealed class KafkaHealthCheck(ClientConfig client) : IHealthCheck, IDisposable
{
    private const string Topic = "healthchecks-topic";
    private const int TimeoutMilliseconds = 1000;
    private readonly Lazy<IProducer<string, string>> producer = new(() => new ProducerBuilder<string, string>(ConfigFrom(client)).Build());
    private volatile bool knowsTopic;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            LearnTopic();
            var probe = new Message<string, string> { Key = "healthcheck-key", Value = DateTime.UtcNow.ToString("O") };
            var delivery = await producer.Value.ProduceAsync(Topic, probe, cancellationToken).ConfigureAwait(false);
            return delivery.Status == PersistenceStatus.NotPersisted
                ? new HealthCheckResult(context.Registration.FailureStatus, "Kafka did not persist the probe message.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception: failure);
        }
    }

    public void Dispose()
    {
        if (producer.IsValueCreated)
            producer.Value.Dispose();
    }

    // A topic that is produced to before the broker is connected is looked up by a timer of librdkafka's that fires after a second, which is
    // just too late for the probe.
    private void LearnTopic()
    {
        if (knowsTopic)
            return;
        using var admin = new DependentAdminClientBuilder(producer.Value.Handle).Build();
        admin.GetMetadata(Topic, TimeSpan.FromMilliseconds(TimeoutMilliseconds));
        knowsTopic = true;
    }

    private static ProducerConfig ConfigFrom(ClientConfig client) => new(client.ToDictionary(property => property.Key, property => property.Value))
    {
        SocketTimeoutMs = TimeoutMilliseconds,
        MessageTimeoutMs = TimeoutMilliseconds,
        StatisticsIntervalMs = 0,
    };
}
