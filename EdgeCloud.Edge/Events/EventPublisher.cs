using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Edge.Frames;
using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Events;

/// <summary>
/// Hands events to the Kafka producer, which batches and retries in the background; a frame never waits for a broker (docs/adr/0003).
/// </summary>
internal sealed partial class EventPublisher
{
    private readonly IProducer<string, byte[]> _producer;
    private readonly BrokerConnection _connection;
    private readonly ILogger<EventPublisher> _logger;
    private readonly string _topic;
    private readonly Counter<long> _events;

    public EventPublisher(
        IProducer<string, byte[]> producer, BrokerConnection connection, IOptions<EventOptions> options, IMeterFactory meters, ILogger<EventPublisher> logger)
    {
        _producer = producer;
        _connection = connection;
        _logger = logger;
        _topic = options.Value.Topic;
        _events = meters.Create(FrameMetrics.MeterName).CreateCounter<long>("edgecloud.events", "{event}", "Events handed to Kafka, by outcome of the delivery");
    }

    /// <summary>Queues the event for delivery.</summary>
    /// <param name="detectionEvent">Its key and headers come from here.</param>
    /// <param name="json">Its value; not copied, so not to be changed.</param>
    /// <param name="reason">Why it was not queued, when the result is false.</param>
    public bool TryPublish(DetectionEvent detectionEvent, byte[] json, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            _producer.Produce(_topic, DetectionTopic.CreateMessage(detectionEvent, json), Delivered);
            reason = null;
            return true;
        }
        catch (KafkaException exception)
        {
            _events.Add(1, new KeyValuePair<string, object?>("outcome", "refused"));
            reason = exception.Error.Reason;
            return false;
        }
    }

    private void Delivered(DeliveryReport<string, byte[]> report)
    {
        _events.Add(1, new KeyValuePair<string, object?>("outcome", report.Error.IsError ? "failed" : "delivered"));
        if (report.Error.IsError)
        {
            Log.NotDelivered(_logger, report.Key, report.Error.Reason);
            return;
        }

        Log.Delivered(_logger, report.Key, report.Topic, report.Partition.Value, report.Offset.Value);
        if (_connection.Restored())
            Log.Restored(_logger);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Event of {DeviceId} delivered to {Topic} [{Partition}] @ {Offset}")]
        public static partial void Delivered(ILogger logger, string deviceId, string topic, int partition, long offset);

        [LoggerMessage(2, LogLevel.Error, "An event of {DeviceId} was not delivered: {Reason}")]
        public static partial void NotDelivered(ILogger logger, string deviceId, string reason);

        [LoggerMessage(3, LogLevel.Information, "Kafka is reachable again")]
        public static partial void Restored(ILogger logger);
    }
}
