using System.Diagnostics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// Sends events with the Kafka client, which keeps their order, retries, and never gives up by itself. Each attempt is
/// measured and, within the trace of its frame, a span.
/// </summary>
internal sealed partial class EventProducer(
    IProducer<string, byte[]> producer,
    BrokerConnection connection,
    OutboxStore store,
    OutboxMetrics metrics,
    IOptions<OutboxOptions> options,
    ILogger<EventProducer> logger)
{
    private readonly Target _detections = new(options.Value.Topic);
    private readonly Target _presences = new(options.Value.PresenceTopic);

    /// <summary>Sends an event, which does not wait.</summary>
    /// <param name="stored">The event.</param>
    /// <param name="report">Gets what became of it, on a thread of the client or before this returns.</param>
    public void Produce(StoredEvent stored, Action<DeliveryOutcome> report)
    {
        var (deviceId, eventId) = (stored.Event.DeviceId, stored.Event.EventId);
        var (type, timestamp, json) = (stored.Event.Type, stored.Event.Timestamp, stored.Event.Json);
        var (topic, operation) = type is null ? _detections : _presences;
        var message = type is null
            ? DetectionTopic.CreateMessage(deviceId, eventId, timestamp, json)
            : PresenceTopic.CreateMessage(type, deviceId, eventId, timestamp, json);
        var span = SendSpan.Start(topic, producer.Name, stored.Event);
        var started = Stopwatch.GetTimestamp();
        SendSpan.Inject(span, stored.Event, message.Headers);
        try
        {
            producer.Produce(topic, message, delivery => Done(delivery.TopicPartitionOffset, delivery.Error));
        }
        catch (KafkaException exception)
        {
            Done(new TopicPartitionOffset(topic, Partition.Any, Offset.Unset), exception.Error);
        }

        void Done(TopicPartitionOffset position, Error error)
        {
            // Current while it is measured, so that the measurements can name it.
            if (span is not null)
                Activity.Current = span;
            var duration = Stopwatch.GetElapsedTime(started);
            metrics.Sending(operation, duration, error);
            if (!error.IsError && type is null)
                metrics.Published(store.AgeOf(stored));
            var outcome = OutcomeOf(stored, position, error);
            if (span is not null)
                SendSpan.End(span, duration, position, error);
            report(outcome);
        }
    }

    private DeliveryOutcome OutcomeOf(StoredEvent stored, TopicPartitionOffset position, Error error)
    {
        if (!error.IsError)
        {
            connection.Delivered();
            Log.Delivered(
                logger, position.Topic, position.Partition.Value, position.Offset.Value, stored.Event.EventId,
                stored.Event.DeviceId);
            return new DeliveryOutcome(stored, DeliveryResult.Delivered);
        }

        // The client itself rejects what is too large for it, which says nothing of Kafka.
        var isFromKafka = position.Partition != Partition.Any;
        var rejection = stored.Event.Type is null
            ? Rejection.Of(error, position.Topic, isFromKafka)
            : Rejection.OfPresence(error, position.Topic, isFromKafka);
        if (rejection is not null)
        {
            if (isFromKafka)
                connection.Delivered();
            return new DeliveryOutcome(stored, DeliveryResult.Rejected, rejection);
        }

        connection.Rejects(Rejection.OfAll(error, position.Topic));
        return new DeliveryOutcome(stored, DeliveryResult.Failed);
    }

    /// <summary>A topic, and how sending to it is described.</summary>
    private sealed record Target(string Topic, KeyValuePair<string, object?>[] Operation)
    {
        public Target(string topic)
            : this(topic, MessagingTags.Of("send", "send", topic))
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            2, LogLevel.Debug, "Delivered {Topic} [{Partition}] @ {Offset}: event {EventId} of {DeviceId}")]
        public static partial void Delivered(
            ILogger logger, string topic, int partition, long offset, Guid eventId, string deviceId);
    }
}
