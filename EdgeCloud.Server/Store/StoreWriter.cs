using System.Data;
using System.Data.Common;
using EdgeCloud.Sql;

namespace EdgeCloud.Server.Store;

/// <summary>Writes batches over a connection of its own. After an error it is disposed of, and another made.</summary>
internal sealed class StoreWriter : IDisposable
{
    private const int PruneEvery = 64;

    private readonly DbConnection _connection;
    private readonly DeviceOptions _options;
    private readonly CountWriter _counts;
    private readonly RowWriter _devices;
    private readonly RowWriter _packets;
    private readonly DbCommand _insertPosition;
    private readonly DbCommand _updatePosition;
    private readonly DbCommand _forgetSilent;
    private readonly DbCommand _prunePackets;

    /// <summary>When devices were heard of last, at least.</summary>
    private readonly Dictionary<string, long> _heard = [];

    public StoreWriter(SqlEngine engine, DeviceOptions options)
    {
        _options = options;
        _connection = engine.Source.OpenConnection();
        engine.PrepareToWrite(_connection);
        _counts = new CountWriter(_connection, engine.RowsPerCommand);
        Visits = new VisitWriter(_connection, engine.RowsPerCommand);
        const string isNewest = "WHEN excluded.last_seen >= devices.last_seen THEN excluded";
        _devices = new RowWriter(
            _connection, engine.RowsPerCommand, "devices",
            [
                ("device_id", DbType.String), ("partition_number", DbType.Int32), ("first_seen", DbType.Int64),
                ("last_seen", DbType.Int64), ("heard", DbType.Int64), ("events", DbType.Int64),
                ("persons", DbType.Int64), ("newest_persons", DbType.Int32), ("frame_sequence", DbType.Int64),
                ("frame_width", DbType.Int32), ("frame_height", DbType.Int32), ("outbox_events", DbType.Int64),
            ],
            $"""
             ON CONFLICT (device_id) DO UPDATE SET
                 partition_number = excluded.partition_number,
                 first_seen = CASE WHEN excluded.first_seen < devices.first_seen
                     THEN excluded.first_seen ELSE devices.first_seen END,
                 last_seen = {RowWriter.Greater("devices", "last_seen")},
                 heard = {RowWriter.Greater("devices", "heard")},
                 events = devices.events + excluded.events,
                 persons = devices.persons + excluded.persons,
                 newest_persons = CASE {isNewest}.newest_persons ELSE devices.newest_persons END,
                 frame_sequence = CASE {isNewest}.frame_sequence ELSE devices.frame_sequence END,
                 frame_width = CASE {isNewest}.frame_width ELSE devices.frame_width END,
                 frame_height = CASE {isNewest}.frame_height ELSE devices.frame_height END,
                 outbox_events = CASE {isNewest}.outbox_events ELSE devices.outbox_events END
             RETURNING device_id, events
             """);
        _packets = new RowWriter(
            _connection, engine.RowsPerCommand, "packets",
            [
                ("device_id", DbType.String), ("last_number", DbType.Int64), ("happened", DbType.Int64),
                ("partition_number", DbType.Int32), ("last_offset", DbType.Int64), ("events", DbType.Binary),
            ],
            then: "");
        const string position =
            "next_offset = @next, log_id = @log, written_at = @written";
        _insertPosition = Prepare(
            """
            INSERT INTO positions (topic, partition_number, log_id, next_offset, written_at, events, duplicates,
                dead_letters, persons)
            VALUES (@topic, @partition, @log, @next, @written, @events, @duplicates, @dead_letters, @persons)
            ON CONFLICT (topic, partition_number) DO NOTHING
            """,
            [.. PositionParameters, .. AmountParameters]);
        _updatePosition = Prepare(
            $"""
             UPDATE positions SET {position}, events = events + @events, duplicates = duplicates + @duplicates,
                 dead_letters = dead_letters + @dead_letters, persons = persons + @persons
             WHERE topic = @topic AND partition_number = @partition
                 AND next_offset = @before_next AND log_id = @before_log
             """,
            [
                .. PositionParameters, .. AmountParameters,
                ("before_next", DbType.Int64), ("before_log", DbType.String),
            ]);
        _forgetSilent = Prepare(
            "DELETE FROM devices WHERE device_id = @device AND heard < @before",
            [("device", DbType.String), ("before", DbType.Int64)]);
        _prunePackets = Prepare(
            "DELETE FROM packets WHERE device_id = @device AND last_number <= @number",
            [("device", DbType.String), ("number", DbType.Int64)]);
    }

    public VisitWriter Visits { get; }

    private static (string Name, DbType Type)[] PositionParameters =>
    [
        ("topic", DbType.String), ("partition", DbType.Int32), ("log", DbType.String), ("next", DbType.Int64),
        ("written", DbType.Int64),
    ];

    private static (string Name, DbType Type)[] AmountParameters =>
    [
        ("events", DbType.Int64), ("duplicates", DbType.Int64), ("dead_letters", DbType.Int64),
        ("persons", DbType.Int64),
    ];

    /// <summary>All of a batch, or nothing.</summary>
    /// <exception cref="PositionException">Another server has read on from the position meanwhile.</exception>
    public void Write(EventBatch batch, string topic)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var (partition, change) in batch.Partitions.OrderBy(each => each.Key))
            Move(topic, partition, change, transaction);

        _counts.Write(batch, transaction);
        foreach (var (_, device) in batch.Devices.OrderBy(each => each.Key, StringComparer.Ordinal))
            Add(device, transaction);
        List<(DeviceChange Device, long Events)> added = [];
        _devices.Write(transaction, row => added.Add((batch.Devices[row.GetString(0)], row.GetInt64(1))));
        foreach (var (device, events) in added)
            AddPacket(device, events, transaction);
        _packets.Write(transaction);
        if (added.Exists(static each => each.Events == each.Device.Events))
            ForgetOldest(transaction);
        transaction.Commit();
    }

    /// <summary>Drops the devices of a partition that have not been heard of since.</summary>
    public void ForgetSilent(int partition, DateTimeOffset since)
    {
        using var transaction = _connection.BeginTransaction();
        using var silent = Prepare(
            "DELETE FROM devices WHERE partition_number = @partition AND heard < @since RETURNING device_id",
            [("partition", DbType.Int32), ("since", DbType.Int64)]);
        Set(silent, partition, since.ToUnixMicroseconds());
        ForgetEvents(silent, transaction);
        transaction.Commit();
    }

    /// <returns>How many rows went, at most <paramref name="limit"/>.</returns>
    public int Prune(int seconds, DateTimeOffset before, int limit)
    {
        using var transaction = _connection.BeginTransaction();
        var rows = _counts.Prune(seconds, before.ToUnixTimeSeconds(), limit, transaction);
        transaction.Commit();
        return rows;
    }

    public void Dispose()
    {
        // The connection last, which the others have commands of.
        IDisposable[] all =
        [
            _counts, Visits, _devices, _packets, _prunePackets, _insertPosition, _updatePosition, _forgetSilent,
            _connection,
        ];
        foreach (var each in all)
            each.Dispose();
    }

    private void Move(string topic, int partition, PartitionChange change, DbTransaction transaction)
    {
        var after = change.After;
        var command = change.Before is null ? _insertPosition : _updatePosition;
        command.Transaction = transaction;
        object[] values =
        [
            topic, partition, after.Log, after.Next, after.WrittenAt, change.Events, change.Duplicates,
            change.DeadLetters, change.Persons,
        ];
        Set(command, change.Before is { } before ? [.. values, before.Next, before.Log] : values);
        if (command.ExecuteNonQuery() != 1)
            throw new PositionException(partition);
    }

    private void Add(DeviceChange device, DbTransaction transaction)
    {
        var silentSince = device.BeginsAnew
            ? long.MaxValue
            : device.FirstHeard.ToUnixMicroseconds() - (long)_options.ForgetAfter.TotalMicroseconds;
        if (!_heard.TryGetValue(device.DeviceId, out var heard) || heard < silentSince)
        {
            Set(_forgetSilent, device.DeviceId, silentSince);
            _forgetSilent.Transaction = transaction;
            if (_forgetSilent.ExecuteNonQuery() > 0)
                ForgetEvents(device.DeviceId, transaction);
        }

        if (_heard.Count > 2 * _options.MaxDevices)
            _heard.Clear();
        _heard[device.DeviceId] = device.Heard.ToUnixMicroseconds();
        var newest = device.Newest;
        _devices.Add(
            device.DeviceId, device.Partition, device.FirstSeen.ToUnixMicroseconds(),
            device.LastSeen.ToUnixMicroseconds(), device.Heard.ToUnixMicroseconds(), device.Events, device.Persons,
            newest.PersonsDetected, newest.Frame?.Sequence, newest.Frame?.Width, newest.Frame?.Height,
            newest.OutboxEvents);
    }

    /// <summary>Its newest events, and every now and then no more those that are so many behind them.</summary>
    /// <param name="device">What has been added to it.</param>
    /// <param name="events">How many it has by now.</param>
    /// <param name="transaction">The one in which.</param>
    private void AddPacket(DeviceChange device, long events, DbTransaction transaction)
    {
        var last = device.Recent.Last();
        var happened = device.Recent.Max(recent => recent.Time).ToUnixMicroseconds();
        _packets.Add(
            device.DeviceId, events, happened, last.Partition, last.Offset, EventPacket.Join(device.Recent));
        if (events / PruneEvery == (events - device.Events) / PruneEvery)
            return;
        Set(_prunePackets, device.DeviceId, events - _options.EventsPerDevice);
        _prunePackets.Transaction = transaction;
        _prunePackets.ExecuteNonQuery();
    }

    private void ForgetOldest(DbTransaction transaction)
    {
        using var oldest = Prepare(
            """
            DELETE FROM devices WHERE device_id NOT IN (
                SELECT device_id FROM devices ORDER BY heard DESC, device_id LIMIT @limit)
            RETURNING device_id
            """,
            [("limit", DbType.Int32)]);
        Set(oldest, _options.MaxDevices);
        ForgetEvents(oldest, transaction);
    }

    /// <param name="forget">Returns the devices that it has dropped.</param>
    /// <param name="transaction">The one in which.</param>
    private void ForgetEvents(DbCommand forget, DbTransaction transaction)
    {
        forget.Transaction = transaction;
        List<string> forgotten = [];
        using (var reader = forget.ExecuteReader())
        {
            while (reader.Read())
                forgotten.Add(reader.GetString(0));
        }

        foreach (var deviceId in forgotten)
            ForgetEvents(deviceId, transaction);
    }

    private void ForgetEvents(string deviceId, DbTransaction transaction)
    {
        using var forget = Prepare("DELETE FROM packets WHERE device_id = @device", [("device", DbType.String)]);
        forget.Transaction = transaction;
        Set(forget, deviceId);
        forget.ExecuteNonQuery();
    }

    private DbCommand Prepare(string sql, (string Name, DbType Type)[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, type) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType) = (name, type);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Set(DbCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }
}

/// <summary>The position in a partition is not the one from which it was read on: another server has it.</summary>
internal sealed class PositionException(int partition)
    : Exception($"Another server has read on in partition {partition}.")
{
    public int Partition => partition;
}
