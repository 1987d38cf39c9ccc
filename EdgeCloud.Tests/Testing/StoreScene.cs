using EdgeCloud.Contract;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Store;
using EdgeCloud.Sql;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// A store in a file of its own, and events that are counted there as a server does it; written before it is looked at.
/// </summary>
internal sealed class StoreScene : IDisposable
{
    private const string Topic = DetectionTopic.Name;

    private readonly TemporaryFolder _folder = new();
    private readonly Measurements _measured = new();
    private readonly DeviceOptions _options = new();
    private readonly TimeProvider _time;
    private readonly EventStore _store;
    private readonly EventBatch _batch;
    private readonly DeviceRegistry _registry;
    private readonly Dictionary<int, KnownEvents> _known = [];
    private readonly Dictionary<int, Position> _positions = [];

    public StoreScene(
        TimeProvider time, Action<DeviceOptions>? configure = null, HistoryOptions? history = null,
        string? connection = null)
    {
        _time = time;
        configure?.Invoke(_options);
        Engine = SqlEngine.Of(connection ?? $"Data Source={_folder.File("history.db")}");
        _store = new EventStore(
            Engine, new StoreMetrics(_measured.Meters), Options.Create(_options),
            Options.Create(history ?? new HistoryOptions()), time, new FakeLogger<EventStore>(Log));
        _batch = _store.CreateBatch();
        _registry = new DeviceRegistry(_store, Options.Create(_options), time);
    }

    public SqlEngine Engine { get; }

    /// <summary>What the store has logged.</summary>
    public FakeLogCollector Log { get; } = new();

    public EventStore Store
    {
        get
        {
            Write();
            return _store;
        }
    }

    public DeviceRegistry Registry
    {
        get
        {
            Write();
            return _registry;
        }
    }

    public bool Add(int partition, in EventSummary summary, byte[] json, DateTimeOffset? arrived, double grams = 0)
    {
        if (!_known.TryGetValue(partition, out var known))
            _known.Add(partition, known = new KnownEvents(_options.DeduplicationWindow));
        var change = Change(partition, out var offset);
        if (!known.TryAdd(summary.EventId))
        {
            change.Duplicates++;
            return false;
        }

        var now = _time.GetUtcNow();
        var happened = known.Believe(summary.Timestamp, now, arrived);
        var freshness = arrived - (summary.CapturedAt ?? summary.Timestamp);
        var counted = new CountedEvent(summary, json, partition, offset, happened, arrived ?? happened)
        {
            Freshness = freshness,
            Joules = summary.EnergyJoules ?? 0,
            Grams = grams,
        };
        _batch.Add(change, counted, now);
        return true;
    }

    public void AddDeadLetter(int partition) => Change(partition, out _).DeadLetters++;

    public void ForgetSilent(int partition) => Store.ForgetSilent(partition);

    public void Write()
    {
        if (_batch.Messages == 0)
            return;
        _store.Write(_batch, Topic);
        foreach (var (partition, change) in _batch.Partitions)
            _positions[partition] = change.After;
        _batch.Clear();
    }

    /// <summary>Runs a statement beside the store.</summary>
    public void Execute(string sql)
    {
        using var connection = Engine.Source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _store.Dispose();
        Engine.Dispose();
        _measured.Dispose();
        _folder.Dispose();
    }

    private PartitionChange Change(int partition, out long offset)
    {
        var before = _positions.TryGetValue(partition, out var stored) ? stored : (Position?)null;
        offset = _batch.Partitions.TryGetValue(partition, out var pending) ? pending.After.Next : before?.Next ?? 0;
        return _batch.Handled(partition, before, new Position("log", offset + 1, 0));
    }
}
