using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>How to connect a producer, and what to observe of it.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>
    /// The bootstrap servers; wins over <see cref="ClientConfig.BootstrapServers"/> of <see cref="Config"/>.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>What librdkafka is configured with.</summary>
    public ProducerConfig Config { get; } = new();

    /// <summary>Whether to leave out the <c>messaging.publish.*</c> metrics and librdkafka's statistics.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether to leave out the health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether to leave out the publish activities, and with them the <c>traceparent</c> header.</summary>
    public bool DisableTracing { get; set; }
}
