using System.Data.Common;
using EdgeCloud.Sql;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Store;

/// <summary>
/// What the server knows, in SQL. It can be deleted at any time: it is rebuilt from what Kafka retains. Thread-safe:
/// one writes at a time, and who reads does not wait for that.
/// </summary>
internal sealed partial class EventStore(
    SqlEngine engine, StoreMetrics metrics, IOptions<DeviceOptions> devices, IOptions<HistoryOptions> history,
    TimeProvider time, ILogger<EventStore> logger) : IHealthCheck, IDisposable
{
    private readonly DeviceOptions _devices = devices.Value;
    private readonly HistoryOptions _history = history.Value;
    private readonly Lock _lock = new();
    private StoreWriter? _writer;
    private volatile bool _isOpen;
    private volatile Problem? _problem;

    public SqlEngine Engine => engine;

    /// <summary>Whether it could not be reached when that was tried last, or has no room for the next batch.</summary>
    public bool IsAway => _problem is not null;

    public TimeSpan MinutesFor => _history.MinutesFor;

    /// <summary>An empty one.</summary>
    public EventBatch CreateBatch() => new(_devices, _history);

    /// <summary>Makes or migrates the tables, once. Whatever needs them calls it.</summary>
    /// <exception cref="StoreException">It cannot be used as it is set up.</exception>
    /// <exception cref="DbException">The engine is away.</exception>
    public void Open()
    {
        if (!_isOpen)
            Try(OpenOnce);
    }

    /// <summary>Writes all of a batch, or nothing.</summary>
    /// <exception cref="PositionException">Another server has read on from a position meanwhile.</exception>
    /// <exception cref="DbException">The engine is away, or has no room.</exception>
    public void Write(EventBatch batch, string topic)
    {
        var started = time.GetTimestamp();
        Change(writer => writer.Write(batch, topic), isBatch: true);
        metrics.Written(batch, time.GetElapsedTime(started));
    }

    /// <inheritdoc cref="VisitWriter.Write"/>
    /// <exception cref="DbException">The engine is away, or has no room.</exception>
    public void Write(VisitBatch batch, string topic, IReadOnlyDictionary<int, Position> before) =>
        Change(writer => writer.Visits.Write(batch, topic, before), isBatch: true);

    /// <inheritdoc cref="StoreWriter.ForgetSilent"/>
    public void ForgetSilent(int partition) =>
        Change(writer => writer.ForgetSilent(partition, time.GetUtcNow() - _devices.ForgetAfter));

    /// <inheritdoc cref="StoreWriter.Prune"/>
    public int Prune(int seconds, DateTimeOffset before, int limit) =>
        Prune(writer => writer.Prune(seconds, before, limit));

    /// <inheritdoc cref="VisitWriter.Prune"/>
    public int PruneVisits(DateTimeOffset before, int limit) => Prune(writer => writer.Visits.Prune(before, limit));

    /// <summary>Where reading goes on, by partition.</summary>
    public Dictionary<int, Position> Positions(string topic) => Read(
        "SELECT partition_number, log_id, next_offset, written_at FROM positions WHERE topic = @topic",
        static row => KeyValuePair.Create(
            row.GetInt32(0), new Position(row.GetString(1), row.GetInt64(2), row.GetInt64(3))),
        ("topic", topic)).ToDictionary();

    /// <summary>All rows of an answer.</summary>
    /// <exception cref="DbException">The engine is away.</exception>
    public IReadOnlyList<T> Read<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters) =>
        [.. Stream(sql, read, parameters)];

    /// <summary>The rows of an answer one by one; its connection is held until the last.</summary>
    /// <exception cref="DbException">The engine is away.</exception>
    public IEnumerable<T> Stream<T>(
        string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        Open();
        using var connection = Try(engine.Source.OpenConnection);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        using var reader = Try(command.ExecuteReader);
        while (Try(reader.Read))
            yield return read(reader);
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _problem is { } problem
            ? HealthCheckResult.Degraded($"The history ({engine.Name}) is away: {problem.Reason}")
            : HealthCheckResult.Healthy());

    public void Dispose()
    {
        lock (_lock)
            _writer?.Dispose();
    }

    private bool OpenOnce()
    {
        lock (_lock)
        {
            if (_isOpen)
                return true;
            engine.Claim();
            try
            {
                Migrate();
            }
            catch (DbException exception) when (engine.SetAside(exception, time.GetUtcNow()) is { } aside)
            {
                Log.Damaged(logger, exception.Message, aside);
                Migrate();
            }

            return _isOpen = true;
        }
    }

    private void Migrate()
    {
        using var connection = engine.Source.OpenConnection();
        engine.PrepareToWrite(connection);
        Schema.Migrate(connection, engine);
    }

    private int Prune(Func<StoreWriter, int> prune)
    {
        var rows = 0;
        Change(writer => rows = prune(writer));
        metrics.Pruned(rows);
        return rows;
    }

    private void Change(Action<StoreWriter> change, bool isBatch = false)
    {
        Open();
        lock (_lock)
        {
            try
            {
                Try(
                    () =>
                    {
                        change(_writer ??= new StoreWriter(engine, _devices));
                        return true;
                    },
                    isBatch);
            }
            catch (Exception exception)
            {
                // Its transaction or connection may be broken.
                if (exception is not PositionException)
                {
                    _writer?.Dispose();
                    _writer = null;
                }

                throw;
            }
        }
    }

    /// <summary>
    /// Notes whether the engine is there. A batch that failed is tried until it is written: before that, a disk that is
    /// full answers whoever reads.
    /// </summary>
    private T Try<T>(Func<T> step, bool isBatch = false)
    {
        try
        {
            var result = step();
            NoteReached(isBatch);
            return result;
        }
        catch (PositionException)
        {
            NoteReached(isBatch);
            throw;
        }
        catch (DbException exception)
        {
            var problem = _problem;
            if (problem is null)
                Log.Away(logger, engine.Name, exception.Message);
            _problem = new Problem(exception.Message, isBatch || problem is { IsOfBatch: true });
            throw;
        }
    }

    private void NoteReached(bool withBatch)
    {
        if (_problem is not { } problem || (problem.IsOfBatch && !withBatch))
            return;
        _problem = null;
        Log.Back(logger, engine.Name);
    }

    private sealed record Problem(string Reason, bool IsOfBatch);

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error, "The history is damaged ({Reason}). It is kept as {Aside}, and made anew from what "
            + "Kafka retains")]
        public static partial void Damaged(ILogger logger, string reason, string aside);

        [LoggerMessage(2, LogLevel.Warning, "The history ({Engine}) is away, still trying: {Reason}")]
        public static partial void Away(ILogger logger, string engine, string reason);

        [LoggerMessage(3, LogLevel.Information, "The history ({Engine}) is back")]
        public static partial void Back(ILogger logger, string engine);
    }
}
