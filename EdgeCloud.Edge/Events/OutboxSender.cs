using System.Diagnostics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Telemetry;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Events;

/// <summary>
/// Hands stored events to the Kafka client in their order, a bounded number at a time, and keeps count of those that are on their way. The client sends and
/// retries in order and never gives up by itself; what it reports back goes to the inbox. Except for those reports, used by the outbox's thread alone.
/// </summary>
internal sealed partial class OutboxSender(
    IProducer<string, byte[]> producer,
    BrokerConnection connection,
    OutboxInbox inbox,
    OutboxStore store,
    OutboxMetrics metrics,
    StageMetrics stages,
    IOptions<EventOptions> options,
    TimeProvider time,
    ILogger<OutboxSender> logger)
{
    private const int MaxInFlight = 500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>A quarter of the outbox at most, so that there is always something to drop when it is full.</summary>
    private readonly long _maxBytesInFlight = Math.Min(4 << 20, options.Value.OutboxMaxBytes / 4);

    private readonly string _topic = options.Value.Topic;
    private long _bytesInFlight;
    private long? _firstFailed;
    private long? _pausedAt;

    /// <summary>The id of the last event handed over. What lies behind it is still the outbox's own.</summary>
    public long Cursor { get; private set; }

    public int InFlight { get; private set; }

    /// <summary>How many events may be handed over now. One at a time until Kafka is known to take them, so that no more than that one is beyond the outbox's bounds.</summary>
    public int Room => _firstFailed is not null || IsPaused || _bytesInFlight >= _maxBytesInFlight ? 0 : Math.Max(0, (connection.IsUp ? MaxInFlight : 1) - InFlight);

    /// <summary>Every delivery is settled and some failed: once the others are out of the file, <see cref="Rewind"/> is due.</summary>
    public bool MustRewind => _firstFailed is not null && InFlight == 0;

    public bool IsPaused => _pausedAt is { } since && time.GetElapsedTime(since) < RetryDelay;

    /// <summary>Hands nothing over for a moment.</summary>
    public void Pause() => _pausedAt = time.GetTimestamp();

    public void HandOver(StoredEvent stored)
    {
        Cursor = stored.Id;
        InFlight++;
        _bytesInFlight += stored.Event.Bytes;

        var message = DetectionTopic.CreateMessage(stored.Event.DeviceId, stored.Event.EventId, stored.Event.Timestamp, stored.Event.Json);
        var span = SendSpan.Start(_topic, producer.Name, stored.Event);
        var started = Stopwatch.GetTimestamp();
        SendSpan.Inject(span, stored.Event, message.Headers);
        try
        {
            producer.Produce(_topic, message, report => Report(stored, span, started, report.TopicPartitionOffset, report.Error));
        }
        catch (KafkaException exception)
        {
            Report(stored, span, started, new TopicPartitionOffset(_topic, Partition.Any, Offset.Unset), exception.Error);
        }
    }

    /// <returns>True when the event is to leave the outbox: delivered, or one that Kafka will never take.</returns>
    public bool Settle(DeliveryOutcome outcome)
    {
        var (stored, error) = outcome;
        InFlight--;
        _bytesInFlight -= stored.Event.Bytes;
        if (!error.IsError)
        {
            metrics.Sent();
            return true;
        }

        if (IsRefusal(error))
        {
            metrics.Dropped("refused");
            Log.Refused(logger, stored.Event.EventId, stored.Event.DeviceId, error.Reason);
            return true;
        }

        metrics.Retried();
        _firstFailed = Math.Min(_firstFailed ?? stored.Id, stored.Id);
        return false;
    }

    /// <summary>Goes back to the first event that was not delivered, and lets a moment pass.</summary>
    public void Rewind()
    {
        Cursor = _firstFailed!.Value - 1;
        _firstFailed = null;
        Pause();
    }

    private void Report(StoredEvent stored, Activity? span, long started, TopicPartitionOffset position, Error error)
    {
        // Current while it is measured, so that the measurements can name it.
        if (span is not null)
            Activity.Current = span;
        var duration = Stopwatch.GetElapsedTime(started);
        metrics.Sending(_topic, duration, error);
        if (!error.IsError)
        {
            stages.Done("publish", store.AgeOf(stored));
            connection.Delivered();
        }
        else if (!IsRefusal(error))
        {
            connection.Lost(error.Reason);
        }

        if (span is not null)
            SendSpan.End(span, duration, position, error);
        inbox.Add(new DeliveryOutcome(stored, error));
    }

    /// <summary>About this one event: sent again it would be refused again, and everything stored later would wait behind it.</summary>
    private static bool IsRefusal(Error error) => error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Kafka refuses the event {EventId} of {DeviceId} for good, and it is dropped: {Reason}")]
        public static partial void Refused(ILogger logger, Guid eventId, string deviceId, string reason);
    }
}
