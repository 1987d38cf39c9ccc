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
    private bool _mustPause;

    /// <summary>
    /// The last of those that were rejected together with others, 0 when there is none. Kafka judges a batch, not an
    /// event: each goes alone, up to that one, to see which of them it was about.
    /// </summary>
    private long _aloneUpTo;

    private bool _isAlone;
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
        : Math.Max(0, (connection.IsUp && _aloneUpTo == 0 ? MaxInFlight : 1) - InFlight);

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
        _isAlone = InFlight == 0;
        InFlight++;
        _bytesInFlight += stored.Event.Bytes;
        producer.Produce(stored, inbox.Add);
    }

    /// <returns>
    /// True when the event waits no longer: delivered, or one that Kafka does not take even when it comes alone.
    /// </returns>
    public bool Settle(DeliveryOutcome outcome)
    {
        var id = outcome.Stored.Id;
        InFlight--;
        _bytesInFlight -= outcome.Stored.Event.Bytes;
        switch (outcome.Result)
        {
            case DeliveryResult.Delivered:
                metrics.Sent();
                break;
            case DeliveryResult.Rejected when _isAlone && Cursor == id:
                break;
            case DeliveryResult.Rejected:
                _aloneUpTo = Math.Max(_aloneUpTo, id);
                SendAgain(id);
                return false;
            default:
                _mustPause = true;
                SendAgain(id);
                return false;
        }

        // Those with which it was rejected are settled with it, or before.
        if (_firstFailed is null && id >= _aloneUpTo)
            _aloneUpTo = 0;
        return true;
    }

    /// <summary>
    /// Goes back to the first event that was not delivered, and lets a moment pass when Kafka takes none at all.
    /// </summary>
    public void Rewind()
    {
        Cursor = _firstFailed!.Value - 1;
        _firstFailed = null;
        if (_mustPause)
            Pause();
        _mustPause = false;
    }

    private void SendAgain(long id)
    {
        metrics.Retried();
        _firstFailed = Math.Min(_firstFailed ?? id, id);
    }
}
