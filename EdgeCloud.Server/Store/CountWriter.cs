using System.Data;
using System.Data.Common;
using EdgeCloud.Sql;

namespace EdgeCloud.Server.Store;

/// <summary>Writes and drops what was counted in buckets of time. For one connection.</summary>
internal sealed class CountWriter : IDisposable
{
    private const string Key = "seconds, start, device_id";

    /// <summary>The counts of frames last: as long as any of a bucket are there, they are.</summary>
    private static readonly (string Table, string Key)[] Prunable =
    [
        ("zone_counts", $"{Key}, zone"), ("line_counts", $"{Key}, line"), ("counts", Key),
    ];

    private static readonly (string Name, DbType Type)[] Bucket =
        [("seconds", DbType.Int32), ("start", DbType.Int64), ("device_id", DbType.String)];

    private readonly DbConnection _connection;
    private readonly RowWriter _counts;
    private readonly RowWriter _zones;
    private readonly RowWriter _lines;

    public CountWriter(DbConnection connection, int rowsPerCommand)
    {
        _connection = connection;
        _counts = new RowWriter(
            connection, rowsPerCommand, "counts",
            [
                .. Bucket,
                ("frames", DbType.Int64), ("unchanged", DbType.Int64), ("persons", DbType.Int64),
                ("persons_max", DbType.Int32), ("faces", DbType.Int64), ("poses", DbType.Int64),
                ("joules", DbType.Double), ("grams", DbType.Double), ("freshness_count", DbType.Int64),
                ("freshness_sum", DbType.Double), ("freshness_max", DbType.Double),
            ],
            $"""
             ON CONFLICT ({Key}) DO UPDATE SET
                 frames = counts.frames + excluded.frames,
                 unchanged = counts.unchanged + excluded.unchanged,
                 persons = counts.persons + excluded.persons,
                 persons_max = {RowWriter.Greater("counts", "persons_max")},
                 faces = counts.faces + excluded.faces,
                 poses = counts.poses + excluded.poses,
                 joules = counts.joules + excluded.joules,
                 grams = counts.grams + excluded.grams,
                 freshness_count = counts.freshness_count + excluded.freshness_count,
                 freshness_sum = counts.freshness_sum + excluded.freshness_sum,
                 freshness_max = {RowWriter.Greater("counts", "freshness_max")}
             """);
        _zones = new RowWriter(
            connection, rowsPerCommand, "zone_counts",
            [
                .. Bucket, ("zone", DbType.String),
                ("frames", DbType.Int64), ("persons", DbType.Int64), ("persons_max", DbType.Int32),
            ],
            $"""
             ON CONFLICT ({Key}, zone) DO UPDATE SET
                 frames = zone_counts.frames + excluded.frames,
                 persons = zone_counts.persons + excluded.persons,
                 persons_max = {RowWriter.Greater("zone_counts", "persons_max")}
             """);
        _lines = new RowWriter(
            connection, rowsPerCommand, "line_counts",
            [.. Bucket, ("line", DbType.String), ("forward", DbType.Int64), ("backward", DbType.Int64)],
            $"""
             ON CONFLICT ({Key}, line) DO UPDATE SET
                 forward = line_counts.forward + excluded.forward,
                 backward = line_counts.backward + excluded.backward
             """);
    }

    /// <summary>In one order, in which servers cannot wait for each other.</summary>
    public void Write(EventBatch batch, DbTransaction transaction)
    {
        foreach (var (key, sum) in batch.Counts.OrderBy(each => each.Key))
        {
            _counts.Add(
                key.Seconds, key.Start, key.DeviceId, sum.Frames, sum.Unchanged, sum.Persons, sum.PersonsMax,
                sum.Faces, sum.Poses, sum.Joules, sum.Grams, sum.FreshnessCount, sum.FreshnessSum, sum.FreshnessMax);
        }

        foreach (var ((bucket, zone), sum) in batch.Zones.OrderBy(each => each.Key))
        {
            _zones.Add(
                bucket.Seconds, bucket.Start, bucket.DeviceId, zone, sum.Frames, sum.Persons, sum.PersonsMax);
        }

        foreach (var ((bucket, line), sum) in batch.Lines.OrderBy(each => each.Key))
            _lines.Add(bucket.Seconds, bucket.Start, bucket.DeviceId, line, sum.Forward, sum.Backward);

        foreach (var writer in new[] { _counts, _zones, _lines })
            writer.Write(transaction);
    }

    /// <returns>How many rows of all went, at most <paramref name="limit"/>.</returns>
    public int Prune(int seconds, long before, int limit, DbTransaction transaction)
    {
        var rows = 0;
        foreach (var (table, key) in Prunable)
        {
            if (rows < limit)
                rows += Prune(table, key, seconds, before, limit - rows, transaction);
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var writer in new[] { _counts, _zones, _lines })
            writer.Dispose();
    }

    private int Prune(string table, string key, int seconds, long before, int limit, DbTransaction transaction)
    {
        using var prune = _connection.CreateCommand();
        prune.Transaction = transaction;
        prune.CommandText =
            $"""
             DELETE FROM {table} WHERE seconds = @seconds AND ({key}) IN (
                 SELECT {key} FROM {table} WHERE seconds = @seconds AND start < @before ORDER BY start LIMIT @limit)
             """;
        foreach (var (name, value) in new[] { ("seconds", (long)seconds), ("before", before), ("limit", limit) })
        {
            var parameter = prune.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            prune.Parameters.Add(parameter);
        }

        return prune.ExecuteNonQuery();
    }
}
