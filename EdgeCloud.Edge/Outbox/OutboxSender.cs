namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// Hands stored events to the producer in their order, a bounded number at a time, and keeps count of those that are on
/// their way. Except for the producer's reports, used by the outbox's thread alone.
/// </summary>
internal sealed class OutboxSender(
    EventProducer producer,
    BrokerConnection connection,
    OutboxInbox inbox,
    OutboxStore store,
    OutboxMetrics metrics,
    TimeProvider time)
{
    private const int MaxInFlight = 500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>A quarter of the outbox at most, so that there is always something to drop when it is full.</summary>
    private readonly long _maxBytesInFlight = Math.Min(4 << 20, store.MaxBytes / 4);

    private long _bytesInFlight;
    private long? _firstFailed;
    private long? _pausedAt;

    /// <summary>The id of the last event handed over. What lies behind it is still the outbox's own.</summary>
    public long Cursor { get; private set; }

    public int InFlight { get; private set; }

    /// <summary>
    /// How many events may be handed over now. One at a time until Kafka is known to take them, so that no more than
    /// that one is beyond the outbox's bounds.
    /// </summary>
    public int Room => _firstFailed is not null || IsPaused || _bytesInFlight >= _maxBytesInFlight
        ? 0
        : Math.Max(0, (connection.IsUp ? MaxInFlight : 1) - InFlight);

    /// <summary>
    /// Every delivery is settled and some failed: once the others are out of the file, <see cref="Rewind"/> is due.
    /// </summary>
    public bool MustRewind => _firstFailed is not null && InFlight == 0;

    public bool IsPaused => _pausedAt is { } since && time.GetElapsedTime(since) < RetryDelay;

    /// <summary>Hands nothing over for a moment.</summary>
    public void Pause() => _pausedAt = time.GetTimestamp();

    public void HandOver(StoredEvent stored)
    {
        Cursor = stored.Id;
        InFlight++;
        _bytesInFlight += stored.Event.Bytes;
        producer.Produce(stored, inbox.Add);
    }

    /// <returns>True when the event is to leave the outbox: delivered, or one that Kafka will never take.</returns>
    public bool Settle(DeliveryOutcome outcome)
    {
        InFlight--;
        _bytesInFlight -= outcome.Stored.Event.Bytes;
        switch (outcome.Result)
        {
            case DeliveryResult.Delivered:
                metrics.Sent();
                return true;
            case DeliveryResult.Rejected:
                metrics.Dropped("refused");
                return true;
            default:
                metrics.Retried();
                _firstFailed = Math.Min(_firstFailed ?? outcome.Stored.Id, outcome.Stored.Id);
                return false;
        }
    }

    /// <summary>Goes back to the first event that was not delivered, and lets a moment pass.</summary>
    public void Rewind()
    {
        Cursor = _firstFailed!.Value - 1;
        _firstFailed = null;
        Pause();
    }
}
