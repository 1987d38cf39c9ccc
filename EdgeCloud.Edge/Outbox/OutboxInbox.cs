namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// What waits for the outbox's thread: events to be stored, from the threads of the requests, and the outcomes of
/// deliveries, from the Kafka client's. Both are bounded, the second by what is in flight.
/// </summary>
internal sealed class OutboxInbox
{
    /// <summary>Beyond it the disk is slower than the frames, and a frame is rejected instead of waiting.</summary>
    private const int MaxArrivals = 1024;

    private readonly object _gate = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly List<DeliveryOutcome> _outcomes = [];
    private bool _isWoken;
    private bool _isClosed;

    /// <returns>False when there is no room, or the edge is stopping.</returns>
    public bool TryAdd(Arrival arrival)
    {
        lock (_gate)
        {
            if (_isClosed || _arrivals.Count >= MaxArrivals)
                return false;
            _arrivals.Add(arrival);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    public void Add(DeliveryOutcome outcome)
    {
        lock (_gate)
        {
            _outcomes.Add(outcome);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes no more arrivals, and lets the outbox's thread see that there is something to do.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Moves everything that waits into the two lists; when there is nothing, waits for something, but not longer than
    /// <paramref name="atMost"/>.
    /// </summary>
    public void Take(List<Arrival> arrivals, List<DeliveryOutcome> outcomes, TimeSpan atMost)
    {
        lock (_gate)
        {
            if (_arrivals.Count == 0 && _outcomes.Count == 0 && !_isWoken)
                Monitor.Wait(_gate, atMost);
            _isWoken = false;
            arrivals.AddRange(_arrivals);
            outcomes.AddRange(_outcomes);
            _arrivals.Clear();
            _outcomes.Clear();
        }
    }
}

/// <summary>An event whose frame waits for it to be stored.</summary>
internal sealed class Arrival(OutboxEvent outboxEvent)
    : TaskCompletionSource<StoreResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public OutboxEvent Event => outboxEvent;
}

/// <param name="Stored">The event that the Kafka client had been given.</param>
/// <param name="Result">What became of it.</param>
internal readonly record struct DeliveryOutcome(StoredEvent Stored, DeliveryResult Result);

/// <summary>What became of an attempt to deliver an event.</summary>
internal enum DeliveryResult
{
    Delivered,

    /// <summary>Kafka will never take it.</summary>
    Rejected,

    /// <summary>To be tried again.</summary>
    Failed,
}

/// <summary>What became of an event that was to be stored.</summary>
/// <param name="Delivery">How it goes on to Kafka, when it was stored.</param>
/// <param name="Problem">Why it was not stored; null when it was.</param>
internal readonly record struct StoreResult(Delivery Delivery, string? Problem = null);

/// <summary>How far an accepted event is on its way to Kafka when its frame is answered.</summary>
internal enum Delivery
{
    /// <summary>It is being handed to Kafka now.</summary>
    Sending,

    /// <summary>It is safe in the outbox and waits, since Kafka is away or others are to be sent before it.</summary>
    Stored,
}
