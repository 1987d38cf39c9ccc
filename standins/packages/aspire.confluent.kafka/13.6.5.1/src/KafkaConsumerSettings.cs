using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>How to connect a consumer, and what to observe of it.</summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>
    /// The bootstrap servers; wins over <see cref="ClientConfig.BootstrapServers"/> of <see cref="Config"/>.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>What librdkafka is configured with.</summary>
    public ConsumerConfig Config { get; } = new();

    /// <summary>Whether to leave out the <c>messaging.receive.*</c> metrics and librdkafka's statistics.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether to leave out the health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether to leave out the receive activities.</summary>
    public bool DisableTracing { get; set; }
}
