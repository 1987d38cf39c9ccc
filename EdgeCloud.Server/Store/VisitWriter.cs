using System.Data;
using System.Data.Common;
using System.Text.Json;
using EdgeCloud.Sql;

namespace EdgeCloud.Server.Store;

/// <summary>
/// Writes and drops visits. Several servers may write the same, in any order: what is there is only ever added to. For
/// one connection.
/// </summary>
internal sealed class VisitWriter : IDisposable
{
    /// <summary>As <see cref="Visit"/> has it.</summary>
    private const string IsNewer =
        "excluded.last_seen > visits.last_seen OR (excluded.last_seen = visits.last_seen "
        + "AND excluded.ended > visits.ended)";

    private readonly DbConnection _connection;
    private readonly RowWriter _positions;
    private readonly RowWriter _visits;
    private readonly RowWriter _zones;

    public VisitWriter(DbConnection connection, int rowsPerCommand)
    {
        _connection = connection;
        string[] amounts = ["events", "duplicates", "dead_letters", "persons"];
        _positions = new RowWriter(
            connection, rowsPerCommand, "positions",
            [
                ("topic", DbType.String), ("partition_number", DbType.Int32), ("log_id", DbType.String),
                ("next_offset", DbType.Int64), ("written_at", DbType.Int64),
                .. amounts.Select(static amount => (amount, DbType.Int64)),
            ],
            """
            ON CONFLICT (topic, partition_number) DO UPDATE SET
                log_id = excluded.log_id, next_offset = excluded.next_offset, written_at = excluded.written_at
            WHERE excluded.log_id <> positions.log_id OR excluded.next_offset > positions.next_offset
            """);
        (string Name, DbType Type)[] newest =
        [
            ("device_id", DbType.String), ("track_id", DbType.Int64), ("started", DbType.Int64),
            ("last_seen", DbType.Int64), ("dwell", DbType.Double), ("score", DbType.Double),
            ("first_x", DbType.Double), ("first_y", DbType.Double), ("last_x", DbType.Double),
            ("last_y", DbType.Double), ("zones", DbType.String), ("crossings", DbType.String),
        ];
        _visits = new RowWriter(
            connection, rowsPerCommand, "visits",
            [("presence_id", DbType.String), ("ended", DbType.Int32), ("reason", DbType.String), .. newest],
            $"""
             ON CONFLICT (presence_id) DO UPDATE SET
                 ended = {RowWriter.Greater("visits", "ended")},
                 reason = COALESCE(visits.reason, excluded.reason),
                 {string.Join(", ", newest.Select(static each =>
                     $"{each.Name} = CASE WHEN {IsNewer} THEN excluded.{each.Name} ELSE visits.{each.Name} END"))}
             WHERE {IsNewer} OR excluded.ended > visits.ended
             RETURNING presence_id, last_seen
             """);
        _zones = new RowWriter(
            connection, rowsPerCommand, "visit_zones",
            [("presence_id", DbType.String), ("zone", DbType.String), ("seconds", DbType.Double)],
            then: "");
    }

    /// <summary>All of a batch, or nothing. In one order, in which servers cannot wait for each other.</summary>
    /// <param name="batch">What is written.</param>
    /// <param name="topic">Where it was read.</param>
    /// <param name="before">The positions that are known to have been stored, by partition.</param>
    /// <exception cref="PositionException">The store has lost what was before a position.</exception>
    public void Write(VisitBatch batch, string topic, IReadOnlyDictionary<int, Position> before)
    {
        using var transaction = _connection.BeginTransaction();
        RequirePositions(topic, before, transaction);
        foreach (var (partition, position) in batch.Positions.OrderBy(static each => each.Key))
            _positions.Add(topic, partition, position.Log, position.Next, position.WrittenAt, 0L, 0L, 0L, 0L);
        _positions.Write(transaction);

        foreach (var (id, visit) in batch.Visits.OrderBy(static each => each.Key))
            Add(id, visit);
        List<Visit> changed = [];
        _visits.Write(transaction, row =>
        {
            // What was there may be of a later sighting, and its zones with it.
            var visit = batch.Visits[Guid.Parse(row.GetString(0))];
            if (row.GetInt64(1) == visit.Newest.LastSeenAt.ToUnixMicroseconds())
                changed.Add(visit);
        });
        DropZones(changed.Select(static visit => visit.Newest.PresenceId.ToString()), transaction);
        foreach (var visit in changed)
        {
            foreach (var zone in visit.Newest.Zones.GroupBy(static stay => stay.Zone))
                _zones.Add(visit.Newest.PresenceId.ToString(), zone.Key, zone.Max(static stay => stay.Seconds));
        }

        _zones.Write(transaction);
        transaction.Commit();
    }

    /// <returns>How many visits went that started before, at most <paramref name="limit"/>.</returns>
    public int Prune(DateTimeOffset before, int limit)
    {
        using var transaction = _connection.BeginTransaction();
        using var prune = Command(
            """
            DELETE FROM visits WHERE presence_id IN (
                SELECT presence_id FROM visits WHERE started < @before ORDER BY started LIMIT @limit)
            RETURNING presence_id
            """,
            transaction, ("before", before.ToUnixMicroseconds()), ("limit", limit));
        List<string> pruned = [];
        using (var reader = prune.ExecuteReader())
        {
            while (reader.Read())
                pruned.Add(reader.GetString(0));
        }

        DropZones(pruned, transaction);
        transaction.Commit();
        return pruned.Count;
    }

    public void Dispose()
    {
        foreach (var writer in new[] { _positions, _visits, _zones })
            writer.Dispose();
    }

    private void RequirePositions(
        string topic, IReadOnlyDictionary<int, Position> before, DbTransaction transaction)
    {
        using var stored = Command(
            "SELECT partition_number, log_id, next_offset, written_at FROM positions WHERE topic = @topic",
            transaction, ("topic", topic));
        var positions = new Dictionary<int, Position>();
        using (var reader = stored.ExecuteReader())
        {
            while (reader.Read())
                positions.Add(reader.GetInt32(0), new(reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        if (VisitBatch.Lost(before, positions) is { } partition)
            throw new PositionException(partition);
    }

    private void Add(Guid id, Visit visit)
    {
        var newest = visit.Newest;
        _visits.Add(
            id.ToString(), visit.Reason is null ? 0 : 1, visit.Reason?.ToString().ToLowerInvariant(),
            newest.DeviceId, newest.TrackId, newest.StartedAt.ToUnixMicroseconds(),
            newest.LastSeenAt.ToUnixMicroseconds(), newest.DwellSeconds, newest.HighestScore,
            newest.FirstPoint.X, newest.FirstPoint.Y, newest.LastPoint.X, newest.LastPoint.Y,
            JsonSerializer.Serialize(newest.Zones, Visit.Json), JsonSerializer.Serialize(newest.Crossings, Visit.Json));
    }

    private void DropZones(IEnumerable<string> presenceIds, DbTransaction transaction)
    {
        foreach (var some in presenceIds.Chunk(100))
        {
            using var drop = Command(
                $"DELETE FROM visit_zones WHERE presence_id IN ({string.Join(", ", some.Select((_, i) => $"@p{i}"))})",
                transaction, [.. some.Select((id, i) => ($"p{i}", (object)id))]);
            drop.ExecuteNonQuery();
        }
    }

    private DbCommand Command(string sql, DbTransaction transaction, params (string Name, object Value)[] parameters)
    {
        var command = _connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
