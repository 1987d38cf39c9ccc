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
    private readonly string _topic = options.Value.Topic;
    private readonly KeyValuePair<string, object?>[] _operation =
        MessagingTags.Of("send", "send", options.Value.Topic);

    /// <summary>Sends an event, which does not wait.</summary>
    /// <param name="stored">The event.</param>
    /// <param name="report">Gets what became of it, on a thread of the client or before this returns.</param>
    public void Produce(StoredEvent stored, Action<DeliveryOutcome> report)
    {
        var (deviceId, eventId) = (stored.Event.DeviceId, stored.Event.EventId);
        var message = DetectionTopic.CreateMessage(deviceId, eventId, stored.Event.Timestamp, stored.Event.Json);
        var span = SendSpan.Start(_topic, producer.Name, stored.Event);
        var started = Stopwatch.GetTimestamp();
        SendSpan.Inject(span, stored.Event, message.Headers);
        try
        {
            producer.Produce(_topic, message, delivery => Done(delivery.TopicPartitionOffset, delivery.Error));
        }
        catch (KafkaException exception)
        {
            Done(new TopicPartitionOffset(_topic, Partition.Any, Offset.Unset), exception.Error);
        }

        void Done(TopicPartitionOffset position, Error error)
        {
            // Current while it is measured, so that the measurements can name it.
            if (span is not null)
                Activity.Current = span;
            var duration = Stopwatch.GetElapsedTime(started);
            metrics.Sending(_operation, duration, error);
            if (!error.IsError)
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
        if (Rejection.Of(error, _topic, isFromKafka) is { } rejection)
        {
            if (isFromKafka)
                connection.Delivered();
            return new DeliveryOutcome(stored, DeliveryResult.Rejected, rejection);
        }

        connection.Rejects(Rejection.OfAll(error, _topic));
        return new DeliveryOutcome(stored, DeliveryResult.Failed);
    }

    private static partial class Log
    {
        [LoggerMessage(
            2, LogLevel.Debug, "Delivered {Topic} [{Partition}] @ {Offset}: event {EventId} of {DeviceId}")]
        public static partial void Delivered(
            ILogger logger, string topic, int partition, long offset, Guid eventId, string deviceId);
    }
}
