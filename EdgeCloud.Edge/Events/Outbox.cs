using EdgeCloud.Contract;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Edge.Events;

/// <summary>
/// Store and forward (docs/adr/0007): an event is accepted once it is committed to a file, and leaves the file once Kafka has confirmed it. One thread
/// owns the file; whatever waits for it goes into one transaction.
/// </summary>
internal sealed partial class Outbox : BackgroundService, IHealthCheck
{
    /// <summary>
    /// Confirmed events leave the file with the next that arrive, or after a pause of 100 ms, or when there are so many: their removal need not be on disk at
    /// once, since losing it to a crash only means that they are sent twice.
    /// </summary>
    private const int MaxConfirmed = 500;

    /// <summary>Handed over at a time; then the frames that wait to be stored have their turn.</summary>
    private const int MaxHandedOver = 64;

    private static readonly TimeSpan RemovalDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProblemLogInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(5);

    private readonly OutboxInbox _inbox;
    private readonly OutboxStore _store;
    private readonly OutboxSender _sender;
    private readonly BrokerConnection _connection;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<Outbox> _logger;
    private readonly List<Arrival> _arrivals = [];
    private readonly List<DeliveryOutcome> _outcomes = [];
    private readonly List<StoredEvent> _leaving = [];

    /// <summary>What this step has committed, which need not be read again to be handed over.</summary>
    private IReadOnlyList<StoredEvent> _taken = [];
    private long? _problemLoggedAt;
    private volatile string? _problem;

    public Outbox(
        OutboxInbox inbox, OutboxStore store, OutboxSender sender, BrokerConnection connection, OutboxMetrics metrics, TimeProvider time,
        IHostApplicationLifetime lifetime, ILogger<Outbox> logger)
    {
        _inbox = inbox;
        _store = store;
        _sender = sender;
        _connection = connection;
        _time = time;
        _lifetime = lifetime;
        _logger = logger;
        metrics.Observe(() => store.Events, () => store.Bytes, () => store.OldestAge.TotalSeconds);
    }

    /// <summary>Events stored that Kafka has not confirmed, as of the last commit.</summary>
    public long Events => _store.Events;

    private long Waiting => _store.Events - _leaving.Count - _sender.InFlight;

    /// <summary>Completes when the event is on disk, as far as the durability that is asked for goes, or cannot be.</summary>
    /// <param name="detectionEvent">An event with an id.</param>
    /// <param name="json">The same event as JSON, the value on Kafka; not copied, so not to be changed.</param>
    public Task<StoreResult> StoreAsync(DetectionEvent detectionEvent, byte[] json)
    {
        var arrival = new Arrival(OutboxEvent.Of(detectionEvent, json));
        if (!_inbox.TryAdd(arrival))
            arrival.SetResult(new StoreResult(default, $"The outbox {_store.Path} takes no event at the moment: too many wait for the disk, or the edge is stopping."));
        return arrival.Task;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());

    /// <exception cref="OutboxException">The file is in use, cannot be written, or belongs to a later version.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _store.Open();
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        using var closing = stoppingToken.Register(_inbox.Close);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                Step(UntilNextStep());
            Flush();
        }
        finally
        {
            _inbox.Close();
            _inbox.Take(_arrivals, _outcomes, TimeSpan.Zero);
            Refuse($"The outbox {_store.Path} is closed: the edge is stopping.");
            _store.Close();
        }
    }

    private void Step(TimeSpan patience)
    {
        _inbox.Take(_arrivals, _outcomes, patience);
        var isQuiet = _arrivals.Count == 0 && _outcomes.Count == 0;
        foreach (var outcome in _outcomes)
        {
            if (_sender.Settle(outcome))
                _leaving.Add(outcome.Stored);
        }

        _outcomes.Clear();

        if (_arrivals.Count > 0 || _leaving.Count >= MaxConfirmed || (_leaving.Count > 0 && (isQuiet || _sender.MustRewind)) || (_store.HasExpired && Waiting > 0))
            Commit();
        if (_sender.MustRewind && _leaving.Count == 0)
            _sender.Rewind();
        HandOver();
        _taken = [];
        _store.LogDrops();
    }

    private TimeSpan UntilNextStep()
    {
        if (Waiting > 0 && _sender.Room > 0)
            return TimeSpan.Zero;
        if (_leaving.Count > 0)
            return RemovalDelay;
        return _store.Events > 0 || _store.HasDropsToLog ? LookAgain : Timeout.InfiniteTimeSpan;
    }

    private void Commit()
    {
        try
        {
            CommitInTheRoomThereIs();
        }
        catch (SqliteException exception)
        {
            Failed(exception);
            Refuse(_problem!);
            return;
        }

        _problem = null;
        _leaving.Clear();
        var delivery = !_connection.IsAway && Waiting <= _sender.Room ? Delivery.Sending : Delivery.Stored;
        foreach (var arrival in _arrivals)
            arrival.SetResult(new StoreResult(delivery));
        _arrivals.Clear();
    }

    /// <summary>On a full disk there may still be room in the file itself, and in its log once that has been moved into the file.</summary>
    private void CommitInTheRoomThereIs()
    {
        try
        {
            _taken = _store.Commit(_arrivals, _leaving, _sender.Cursor);
        }
        catch (SqliteException exception) when (!OutboxOpening.IsDamage(exception))
        {
            _store.Checkpoint();
            _taken = _store.Commit(_arrivals, _leaving, _sender.Cursor);
        }
    }

    private void HandOver()
    {
        if (Waiting <= 0 || _sender.Room == 0)
            return;
        try
        {
            var next = _taken.Count > 0 && _taken[0].Id == _sender.Cursor + 1 ? _taken : _store.ReadAfter(_sender.Cursor, Math.Min(_sender.Room, MaxHandedOver));
            foreach (var stored in next)
            {
                if (_sender.Room == 0)
                    break;
                _sender.HandOver(stored);
            }
        }
        catch (SqliteException exception)
        {
            Failed(exception);
            _sender.Pause();
        }
    }

    /// <summary>Sends what is stored, as long as Kafka takes it, but not for long: what is left is for the next run.</summary>
    private void Flush()
    {
        using var patience = new CancellationTokenSource(FlushTime, _time);
        Step(TimeSpan.Zero);
        while (_store.Events > _leaving.Count && !_connection.IsAway && !patience.IsCancellationRequested)
            Step(_sender.Room > 0 && Waiting > 0 ? TimeSpan.Zero : RemovalDelay);
        if (_leaving.Count > 0)
            Commit();
        try
        {
            _store.Checkpoint();
        }
        catch (SqliteException exception)
        {
            Failed(exception);
        }
    }

    private void Failed(SqliteException exception)
    {
        _problem = $"The outbox {_store.Path} cannot be written: {exception.Message}";
        if (OutboxOpening.IsDamage(exception))
        {
            Log.Damaged(_logger, _store.Path, exception.Message);
            Environment.ExitCode = 1;
            _lifetime.StopApplication();
            return;
        }

        if (_problemLoggedAt is not { } before || _time.GetElapsedTime(before) >= ProblemLogInterval)
        {
            Log.Problem(_logger, _store.Path, exception.Message);
            _problemLoggedAt = _time.GetTimestamp();
        }
    }

    private void Refuse(string problem)
    {
        foreach (var arrival in _arrivals)
            arrival.SetResult(new StoreResult(default, problem));
        _arrivals.Clear();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The outbox {Path} cannot be written, and frames are refused until it can: {Reason}")]
        public static partial void Problem(ILogger logger, string path, string reason);

        [LoggerMessage(2, LogLevel.Critical, "The outbox {Path} is damaged and the edge stops; the next one sets the file aside: {Reason}")]
        public static partial void Damaged(ILogger logger, string path, string reason);
    }
}
