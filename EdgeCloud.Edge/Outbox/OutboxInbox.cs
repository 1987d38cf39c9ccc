namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// What waits for the outbox's thread: events to be stored and questions about those that are set aside, from the
/// threads of the requests, and the outcomes of deliveries, from the Kafka client's. All are bounded, the last by what
/// is in flight.
/// </summary>
internal sealed class OutboxInbox
{
    /// <summary>Beyond it the disk is slower than the frames, and a frame is rejected instead of waiting.</summary>
    private const int MaxArrivals = 1024;

    /// <summary>They are an operator's; each may take as long as a frame.</summary>
    private const int MaxRequests = 16;

    private readonly object _gate = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly List<DeliveryOutcome> _outcomes = [];
    private readonly Queue<SetAsideRequest> _requests = [];
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

    /// <returns>False when there is no room, or the edge is stopping.</returns>
    public bool TryAdd(SetAsideRequest request)
    {
        lock (_gate)
        {
            if (_isClosed || _requests.Count >= MaxRequests)
                return false;
            _requests.Enqueue(request);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <returns>The request that has waited longest; null when there is none.</returns>
    public SetAsideRequest? NextRequest()
    {
        lock (_gate)
            return _requests.TryDequeue(out var request) ? request : null;
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
    /// Moves the events and outcomes that wait into the two lists; when nothing waits, waits for something, but not
    /// longer than <paramref name="atMost"/>.
    /// </summary>
    public void Take(List<Arrival> arrivals, List<DeliveryOutcome> outcomes, TimeSpan atMost)
    {
        lock (_gate)
        {
            if (_arrivals.Count == 0 && _outcomes.Count == 0 && _requests.Count == 0 && !_isWoken)
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
/// <param name="Rejection">Why, when it was rejected.</param>
internal readonly record struct DeliveryOutcome(
    StoredEvent Stored, DeliveryResult Result, Rejection? Rejection = null);

/// <summary>What became of an attempt to deliver an event.</summary>
internal enum DeliveryResult
{
    Delivered,

    /// <summary>Kafka will not take it as it is, or one that was sent with it.</summary>
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
