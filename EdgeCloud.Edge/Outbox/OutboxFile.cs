using Microsoft.Data.Sqlite;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// The outbox on disk: one table of events in the order in which they were stored, and one of those that Kafka
/// rejects, which have the columns of the first and why. Ids are unique among both. Not thread-safe. Every method
/// throws <see cref="SqliteException"/> when the disk is full or fails; a transaction that fails has changed nothing
/// once it is rolled back.
/// </summary>
internal sealed class OutboxFile : IDisposable
{
    /// <summary>Those that an event has in both tables, but for the id.</summary>
    private const string Columns =
        "stored_at, bytes, device_id, event_id, timestamp, trace_parent, trace_state, type, json";

    private readonly SqliteConnection _connection;
    private readonly OutboxStatement _begin;
    private readonly OutboxStatement _commit;
    private readonly OutboxStatement _append;
    private readonly OutboxStatement _remove;
    private readonly OutboxStatement _oldest;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _removeRange;
    private readonly SqliteCommand _read;

    /// <param name="connection">Open, with the table; becomes this object's own.</param>
    public OutboxFile(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new OutboxStatement(connection, "BEGIN IMMEDIATE");
        _commit = new OutboxStatement(connection, "COMMIT");
        _append = new OutboxStatement(
            connection,
            $"INSERT INTO events (id, {Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        _remove = new OutboxStatement(connection, "DELETE FROM events WHERE id = ?");
        _oldest = new OutboxStatement(connection, "SELECT stored_at FROM events ORDER BY id LIMIT 1");
        _rollback = Prepare("ROLLBACK");
        _removeRange = Prepare("DELETE FROM events WHERE id > $after AND id <= $last", "$after", "$last");
        _read = Prepare(
            "SELECT id, stored_at, device_id, event_id, timestamp, trace_parent, trace_state, "
            + "json, type FROM events WHERE id > $after ORDER BY id LIMIT $limit", "$after", "$limit");
    }

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    public void Rollback()
    {
        try
        {
            _rollback.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // SQLite itself has rolled back, as it does after most failures of the disk, or the
            // transaction never began.
        }
    }

    public void Append(StoredEvent stored)
    {
        _append.Bind(1, stored.Id);
        _append.Bind(2, Microseconds(stored.StoredAt));
        _append.Bind(3, stored.Event.Bytes);
        _append.Bind(4, stored.Event.DeviceId);
        _append.Bind(5, stored.Event.EventId);
        _append.Bind(6, Microseconds(stored.Event.Timestamp));
        _append.Bind(7, stored.Event.TraceParent);
        _append.Bind(8, stored.Event.TraceState);
        _append.Bind(9, stored.Event.Type);
        _append.Bind(10, stored.Event.Json);
        _append.Execute();
        if (stored.Event.PresenceId is { } presenceId)
            KeepOpen(presenceId, stored.Event.EndsPresence ? null : stored.Event.Json);
    }

    /// <summary>The newest event of each presence that has not ended.</summary>
    public IReadOnlyList<byte[]> ReadOpenPresences()
    {
        using var command = Prepare("SELECT json FROM open_presences ORDER BY presence_id");
        using var reader = command.ExecuteReader();
        var open = new List<byte[]>();
        while (reader.Read())
            open.Add(reader.GetFieldValue<byte[]>(0));
        return open;
    }

    public void Remove(long id)
    {
        _remove.Bind(1, id);
        _remove.Execute();
    }

    /// <summary>Moves an event to those that are set aside.</summary>
    public void SetAside(long id, DateTimeOffset now, string reason, long? sequence)
    {
        using var command = Prepare(
            $"""
             INSERT INTO set_aside (id, set_aside_at, reason, sequence, {Columns})
             SELECT id, $now, $reason, $sequence, {Columns} FROM events WHERE id = $id
             """,
            "$now", "$reason", "$sequence", "$id");
        Set(command, Microseconds(now), reason, sequence, id);
        command.ExecuteNonQuery();
        Remove(id);
    }

    /// <summary>Moves an event back to those that wait, as one that is stored now.</summary>
    public void Return(long id, long newId, DateTimeOffset now)
    {
        using var command = Prepare(
            """
            INSERT INTO events
                (id, stored_at, bytes, device_id, event_id, timestamp, trace_parent, trace_state, type, json)
            SELECT $new, $now, bytes, device_id, event_id, timestamp, trace_parent, trace_state, type, json
            FROM set_aside WHERE id = $id
            """,
            "$new", "$now", "$id");
        Set(command, newId, Microseconds(now), id);
        command.ExecuteNonQuery();
        using var remove = Prepare("DELETE FROM set_aside WHERE id = $id", "$id");
        Set(remove, id);
        remove.ExecuteNonQuery();
    }

    /// <param name="after">Of those with a higher id, the lowest.</param>
    public IReadOnlyList<SetAsideEvent> ReadSetAside(long after, int limit) =>
        ReadSetAside("id > $after ORDER BY id LIMIT $limit", ["$after", "$limit"], after, limit);

    public IReadOnlyList<SetAsideEvent> ReadSetAside(Guid eventId) =>
        ReadSetAside("event_id = $event", ["$event"], eventId.ToString());

    public SetAside MeasureSetAside()
    {
        using var command = Prepare("SELECT reason, count(*), sum(bytes) FROM set_aside GROUP BY reason");
        using var reader = command.ExecuteReader();
        var found = new SetAside(0, new Dictionary<string, long>());
        while (reader.Read())
            found = found.With(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
        return found;
    }

    /// <summary>
    /// Removes what comes behind <paramref name="after"/>, up to and including <paramref name="last"/>.
    /// </summary>
    public void RemoveRange(long after, long last)
    {
        Set(_removeRange, after, last);
        _removeRange.ExecuteNonQuery();
    }

    /// <summary>
    /// The oldest events behind <paramref name="after"/>, oldest first, read while they are looked at.
    /// </summary>
    public IEnumerable<StoredEvent> ReadAfter(long after, int limit)
    {
        Set(_read, after, limit);
        using var reader = _read.ExecuteReader();
        while (reader.Read())
        {
            yield return new StoredEvent(
                reader.GetInt64(0),
                Time(reader.GetInt64(1)),
                new OutboxEvent(
                    reader.GetString(2),
                    Guid.Parse(reader.GetString(3)),
                    Time(reader.GetInt64(4)),
                    reader.GetFieldValue<byte[]>(7),
                    reader.IsDBNull(5) ? null : reader.GetString(5),
                    reader.IsDBNull(6) ? null : reader.GetString(6))
                {
                    Type = reader.IsDBNull(8) ? null : reader.GetString(8),
                });
        }
    }

    /// <returns>When the oldest event was stored; null when there is none.</returns>
    public DateTimeOffset? OldestStoredAt() => _oldest.ExecuteScalar() is { } microseconds ? Time(microseconds) : null;

    public OutboxContents Measure()
    {
        using var command = Prepare(
            """
            SELECT count(*), coalesce(sum(bytes), 0),
                max(coalesce(max(id), 0), (SELECT coalesce(max(id), 0) FROM set_aside)),
                max(coalesce(max(stored_at), 0), (SELECT coalesce(max(set_aside_at), 0) FROM set_aside))
            FROM events
            """);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new OutboxContents(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), Time(reader.GetInt64(3)));
    }

    /// <summary>
    /// Moves the write-ahead log into the file, which gives its space back, also for use by what is written next.
    /// </summary>
    public void Checkpoint()
    {
        using var command = Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement
            in (IDisposable[])[_begin, _commit, _append, _remove, _oldest, _rollback, _removeRange, _read])
            statement.Dispose();
        _connection.Dispose();
    }

    /// <param name="json">The newest event of the presence; null when it has ended.</param>
    private void KeepOpen(Guid presenceId, byte[]? json)
    {
        using var command = json is null
            ? Prepare("DELETE FROM open_presences WHERE presence_id = $presence", "$presence")
            : Prepare(
                "INSERT OR REPLACE INTO open_presences (presence_id, json) VALUES ($presence, $json)",
                "$presence", "$json");
        Set(command, json is null ? [presenceId.ToString()] : [presenceId.ToString(), json]);
        command.ExecuteNonQuery();
    }

    private List<SetAsideEvent> ReadSetAside(
        string where, ReadOnlySpan<string> parameters, params ReadOnlySpan<object?> values)
    {
        using var command = Prepare(
            "SELECT id, event_id, device_id, sequence, timestamp, length(json), reason, set_aside_at, bytes "
            + $"FROM set_aside WHERE {where}", parameters);
        Set(command, values);
        using var reader = command.ExecuteReader();
        var found = new List<SetAsideEvent>();
        while (reader.Read())
        {
            found.Add(new SetAsideEvent
            {
                Id = reader.GetInt64(0),
                EventId = Guid.Parse(reader.GetString(1)),
                DeviceId = reader.GetString(2),
                Sequence = reader.IsDBNull(3) ? null : reader.GetInt64(3),
                Timestamp = Time(reader.GetInt64(4)),
                Bytes = reader.GetInt64(5),
                Reason = reader.GetString(6),
                SetAsideAt = Time(reader.GetInt64(7)),
                StoredBytes = reader.GetInt64(8),
            });
        }

        return found;
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static long Microseconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);

    private static void Set(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}

/// <param name="Bytes">Of the events, by <see cref="OutboxEvent.Bytes"/>.</param>
/// <param name="LastId">Of those set aside, too; 0 when there are none.</param>
/// <param name="NewestStoredAt">The beginning of 1970 when there are none.</param>
internal sealed record OutboxContents(long Events, long Bytes, long LastId, DateTimeOffset NewestStoredAt);
