using EdgeCloud.Contract;
using Microsoft.Data.Sqlite;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// Store and forward (docs/adr/0007): an event is accepted once it is committed to a file, and leaves the file once
/// Kafka has confirmed it. One thread owns the file; whatever waits for it goes into one transaction.
/// </summary>
internal sealed class EventOutbox(
    OutboxInbox inbox,
    OutboxStore store,
    OutboxSender sender,
    BrokerConnection connection,
    OutboxHealth health,
    TimeProvider time) : BackgroundService
{
    /// <summary>
    /// Confirmed events leave the file with the next that arrive, or after a pause of 100 ms, or when there are so
    /// many: their removal need not be on disk at once, since losing it to a crash only means that they are sent twice.
    /// </summary>
    private const int MaxConfirmed = 500;

    /// <summary>Handed over at a time; then the frames that wait to be stored have their turn.</summary>
    private const int MaxHandedOver = 64;

    private static readonly TimeSpan RemovalDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    private readonly List<Arrival> _arrivals = [];
    private readonly List<DeliveryOutcome> _outcomes = [];
    private readonly List<DeliveryOutcome> _leaving = [];

    /// <summary>What this step has committed, which need not be read again to be handed over.</summary>
    private IReadOnlyList<StoredEvent> _taken = [];

    /// <summary>Events stored that Kafka has not confirmed nor rejected, as of the last commit.</summary>
    public long Events => store.Events;

    private long Waiting => store.Events - _leaving.Count - sender.InFlight;

    /// <summary>
    /// Completes when the event is on disk, as far as the durability that is asked for goes, or cannot be.
    /// </summary>
    /// <param name="detectionEvent">An event with an id.</param>
    /// <param name="json">The same event as JSON, the value on Kafka; not copied, so not to be changed.</param>
    public Task<StoreResult> StoreAsync(DetectionEvent detectionEvent, byte[] json) =>
        StoreAsync(OutboxEvent.Of(detectionEvent, json));

    /// <summary>The same of a presence event.</summary>
    public Task<StoreResult> StoreAsync(PresenceEvent presence) =>
        StoreAsync(OutboxEvent.Of(presence, PresenceEventJson.Write(presence)));

    /// <inheritdoc cref="OutboxStore.OpenPresences"/>
    public IReadOnlyList<byte[]> OpenPresences => store.OpenPresences;

    private Task<StoreResult> StoreAsync(OutboxEvent outboxEvent)
    {
        var arrival = new Arrival(outboxEvent);
        if (!inbox.TryAdd(arrival))
            arrival.SetResult(new StoreResult(default, $"The outbox {store.Path} takes no event at the moment: "
                + "too many wait for the disk, or the edge is stopping."));
        return arrival.Task;
    }

    /// <param name="limit">At most so many events that are set aside, the oldest.</param>
    public Task<SetAsideReply> ListSetAsideAsync(int limit) => AskAsync(store => store.ReadSetAside(0, limit));

    /// <summary>Sends events again that are set aside.</summary>
    /// <param name="eventIds">Which; null for all that are now.</param>
    /// <param name="cancellationToken">Ends it before the next of many.</param>
    /// <returns>Those that wait for Kafka again. Those that it still rejects are set aside again.</returns>
    public async Task<SetAsideReply> RetryAsync(
        IReadOnlyCollection<Guid>? eventIds, CancellationToken cancellationToken)
    {
        if (eventIds is not null)
            return await AskAsync(store => Return(store, store.ReadSetAside(eventIds)));

        // A few at a time, since frames wait meanwhile; and up to the newest of now, since what comes back comes newer.
        var (returned, upTo) = (new List<SetAsideEvent>(), store.LastId);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (events, problem) = await AskAsync(store => Return(
                store, [.. store.ReadSetAside(0, MaxHandedOver).Where(one => one.Id <= upTo)]));
            if (problem is not null)
                return new SetAsideReply(returned, problem);
            returned.AddRange(events);
            if (events.Count < MaxHandedOver)
                break;
        }

        return new SetAsideReply(returned);
    }

    /// <exception cref="OutboxException">The file is in use, cannot be written, or belongs to a
    /// later version.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Open();
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(
            () => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        using var closing = stoppingToken.Register(inbox.Close);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                Step(UntilNextStep());
            Flush();
        }
        finally
        {
            inbox.Close();
            inbox.Take(_arrivals, _outcomes, TimeSpan.Zero);
            Reject($"The outbox {store.Path} is closed: the edge is stopping.");
            while (inbox.NextRequest() is { } request)
                request.SetResult(new SetAsideReply([], "The edge is stopping."));
            store.Close();
        }
    }

    private void Step(TimeSpan patience)
    {
        inbox.Take(_arrivals, _outcomes, patience);
        var isQuiet = _arrivals.Count == 0 && _outcomes.Count == 0;
        foreach (var outcome in _outcomes)
        {
            if (sender.Settle(outcome))
                _leaving.Add(outcome);
        }

        _outcomes.Clear();

        if (_arrivals.Count > 0 || _leaving.Count >= MaxConfirmed
            || (_leaving.Count > 0 && (isQuiet || sender.MustRewind)) || (store.HasExpired && Waiting > 0))
            Commit();
        if (sender.MustRewind && _leaving.Count == 0)
            sender.Rewind();
        if (inbox.NextRequest() is { } request)
            Answer(request);
        HandOver();
        _taken = [];
        store.LogDrops();
    }

    private TimeSpan UntilNextStep()
    {
        if (Waiting > 0 && sender.Room > 0)
            return TimeSpan.Zero;
        if (_leaving.Count > 0)
            return RemovalDelay;
        return store.Events > 0 || store.HasDropsToLog ? LookAgain : Timeout.InfiniteTimeSpan;
    }

    private void Commit()
    {
        RejectWhatDoesNotFit();
        try
        {
            CommitInTheRoomThereIs();
        }
        catch (SqliteException exception)
        {
            Reject(health.Failed(store.Path, exception));
            return;
        }

        health.Recovered();
        _leaving.Clear();
        var delivery = !connection.IsAway && Waiting <= sender.Room ? Delivery.Sending : Delivery.Stored;
        foreach (var arrival in _arrivals)
            arrival.SetResult(new StoreResult(delivery));
        _arrivals.Clear();
    }

    private void RejectWhatDoesNotFit()
    {
        var room = store.Room(_leaving);
        _arrivals.RemoveAll(arrival =>
        {
            if (room >= arrival.Event.Bytes)
            {
                room -= arrival.Event.Bytes;
                return false;
            }

            arrival.SetResult(new StoreResult(
                default, $"The outbox {store.Path} is full, and holds events that Kafka rejects: "
                + $"{store.SetAside.Reasons}. `edgecloud outbox list` shows them."));
            return true;
        });
    }

    private void Answer(SetAsideRequest request)
    {
        try
        {
            request.SetResult(new SetAsideReply(request.Run(store)));
        }
        catch (SqliteException exception)
        {
            request.SetResult(new SetAsideReply([], health.Failed(store.Path, exception)));
        }
    }

    private Task<SetAsideReply> AskAsync(Func<OutboxStore, IReadOnlyList<SetAsideEvent>> ask)
    {
        var request = new SetAsideRequest(ask);
        if (!inbox.TryAdd(request))
            request.SetResult(new SetAsideReply(
                [], $"The outbox {store.Path} answers nobody at the moment: too many ask, or the edge is stopping."));
        return request.Task;
    }

    private static IReadOnlyList<SetAsideEvent> Return(OutboxStore store, IReadOnlyList<SetAsideEvent> returning)
    {
        store.Return(returning);
        return returning;
    }

    /// <summary>
    /// On a full disk there may still be room in the file itself, and in its log once that has
    /// been moved into the file.
    /// </summary>
    private void CommitInTheRoomThereIs()
    {
        try
        {
            _taken = store.Commit(_arrivals, _leaving, sender.Cursor);
        }
        catch (SqliteException exception) when (!OutboxOpening.IsDamage(exception))
        {
            store.Checkpoint();
            _taken = store.Commit(_arrivals, _leaving, sender.Cursor);
        }
    }

    private void HandOver()
    {
        if (Waiting <= 0 || sender.Room == 0)
            return;
        try
        {
            var next = _taken.Count > 0 && _taken[0].Id == sender.Cursor + 1
                ? _taken
                : store.ReadAfter(sender.Cursor, Math.Min(sender.Room, MaxHandedOver));
            foreach (var stored in next)
            {
                if (sender.Room == 0)
                    break;
                sender.HandOver(stored);
            }
        }
        catch (SqliteException exception)
        {
            health.Failed(store.Path, exception);
            sender.Pause();
        }
    }

    /// <summary>
    /// Sends what is stored, as long as Kafka takes it, but not for long: what is left is for the next run.
    /// </summary>
    private void Flush()
    {
        using var patience = new CancellationTokenSource(FlushTime, time);
        Step(TimeSpan.Zero);
        while (store.Events > _leaving.Count && !connection.IsAway && !patience.IsCancellationRequested)
            Step(sender.Room > 0 && Waiting > 0 ? TimeSpan.Zero : RemovalDelay);
        if (_leaving.Count > 0)
            Commit();
        try
        {
            store.Checkpoint();
        }
        catch (SqliteException exception)
        {
            health.Failed(store.Path, exception);
        }
    }

    private void Reject(string problem)
    {
        foreach (var arrival in _arrivals)
            arrival.SetResult(new StoreResult(default, problem));
        _arrivals.Clear();
    }
}
