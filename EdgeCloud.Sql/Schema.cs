using System.Data.Common;
using System.Globalization;

namespace EdgeCloud.Sql;

/// <summary>The tables, and how they come to be from what an earlier version left.</summary>
internal static class Schema
{
    /// <summary>
    /// All but that of the version. The positions first, so that servers that write to them find out about each other
    /// before anything else.
    /// </summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        "positions", "devices", "packets", "counts", "zone_counts", "line_counts", "visits", "visit_zones",
    ];

    /// <summary>
    /// Times are microseconds, those of counts seconds, since the beginning of 1970 in UTC. A packet has the events of
    /// a device that were written at once, as a JSON array, the number of the last of them among all of the device, and
    /// when the latest of them happened: a row for each event would cost five times the writing. A visit has what was
    /// said of a presence last, its zones and crossings as JSON; how long it was in each zone is in rows too, since the
    /// median of all is asked for.
    /// </summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE positions (
            topic TEXT NOT NULL,
            partition_number INTEGER NOT NULL,
            log_id TEXT NOT NULL,
            next_offset BIGINT NOT NULL,
            written_at BIGINT NOT NULL,
            events BIGINT NOT NULL,
            duplicates BIGINT NOT NULL,
            dead_letters BIGINT NOT NULL,
            persons BIGINT NOT NULL,
            PRIMARY KEY (topic, partition_number)
        );
        CREATE TABLE devices (
            device_id TEXT NOT NULL PRIMARY KEY,
            partition_number INTEGER NOT NULL,
            first_seen BIGINT NOT NULL,
            last_seen BIGINT NOT NULL,
            heard BIGINT NOT NULL,
            events BIGINT NOT NULL,
            persons BIGINT NOT NULL,
            newest_persons INTEGER NOT NULL,
            frame_sequence BIGINT,
            frame_width INTEGER,
            frame_height INTEGER,
            outbox_events BIGINT
        );
        CREATE TABLE packets (
            device_id TEXT NOT NULL,
            last_number BIGINT NOT NULL,
            happened BIGINT NOT NULL,
            partition_number INTEGER NOT NULL,
            last_offset BIGINT NOT NULL,
            events {bytes} NOT NULL,
            PRIMARY KEY (device_id, last_number)
        );
        CREATE INDEX packets_happened ON packets (happened);
        CREATE INDEX packets_offset ON packets (partition_number, last_offset);
        CREATE TABLE counts (
            seconds INTEGER NOT NULL,
            start BIGINT NOT NULL,
            device_id TEXT NOT NULL,
            frames BIGINT NOT NULL,
            unchanged BIGINT NOT NULL,
            persons BIGINT NOT NULL,
            persons_max INTEGER NOT NULL,
            faces BIGINT NOT NULL,
            poses BIGINT NOT NULL,
            joules DOUBLE PRECISION NOT NULL,
            grams DOUBLE PRECISION NOT NULL,
            freshness_count BIGINT NOT NULL,
            freshness_sum DOUBLE PRECISION NOT NULL,
            freshness_max DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (seconds, start, device_id)
        ){clustered};
        """,
        """
        CREATE TABLE zone_counts (
            seconds INTEGER NOT NULL,
            start BIGINT NOT NULL,
            device_id TEXT NOT NULL,
            zone TEXT NOT NULL,
            frames BIGINT NOT NULL,
            persons BIGINT NOT NULL,
            persons_max INTEGER NOT NULL,
            PRIMARY KEY (seconds, start, device_id, zone)
        ){clustered};
        CREATE TABLE line_counts (
            seconds INTEGER NOT NULL,
            start BIGINT NOT NULL,
            device_id TEXT NOT NULL,
            line TEXT NOT NULL,
            forward BIGINT NOT NULL,
            backward BIGINT NOT NULL,
            PRIMARY KEY (seconds, start, device_id, line)
        ){clustered};
        CREATE TABLE visits (
            presence_id TEXT NOT NULL PRIMARY KEY,
            device_id TEXT NOT NULL,
            track_id BIGINT NOT NULL,
            started BIGINT NOT NULL,
            last_seen BIGINT NOT NULL,
            ended INTEGER NOT NULL,
            reason TEXT,
            dwell DOUBLE PRECISION NOT NULL,
            score DOUBLE PRECISION NOT NULL,
            first_x DOUBLE PRECISION NOT NULL,
            first_y DOUBLE PRECISION NOT NULL,
            last_x DOUBLE PRECISION NOT NULL,
            last_y DOUBLE PRECISION NOT NULL,
            zones TEXT NOT NULL,
            crossings TEXT NOT NULL
        );
        CREATE INDEX visits_started ON visits (started, device_id, dwell);
        CREATE INDEX visits_last_seen ON visits (last_seen);
        CREATE TABLE visit_zones (
            presence_id TEXT NOT NULL,
            zone TEXT NOT NULL,
            seconds DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (presence_id, zone)
        ){clustered};
        """,
    ];

    /// <summary>Brings the tables to this version, one server at a time.</summary>
    /// <exception cref="StoreException">They are of a later version.</exception>
    public static void Migrate(DbConnection connection, SqlEngine engine)
    {
        using var transaction = connection.BeginTransaction();
        Migrate(transaction, engine);
        transaction.Commit();
    }

    /// <summary>The same in a transaction, which holds the schema's lock until it ends.</summary>
    /// <exception cref="StoreException">They are of a later version.</exception>
    public static void Migrate(DbTransaction transaction, SqlEngine engine)
    {
        if (engine.SchemaLock is { } schemaLock)
            Execute(schemaLock);
        Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
        var version = Convert.ToInt32(
            Execute("SELECT COALESCE(MAX(version), 0) FROM schema_version"), CultureInfo.InvariantCulture);
        if (version > Migrations.Length)
        {
            throw new StoreException(string.Create(
                CultureInfo.InvariantCulture,
                $"The history has schema version {version}, this version of EdgeCloud knows {Migrations.Length}. Use "
                + $"the later one, or another database (ConnectionStrings:{SqlEngine.ConnectionName})."));
        }

        while (version < Migrations.Length)
        {
            Execute(Migrations[version++]
                .Replace("{bytes}", engine.BytesType, StringComparison.Ordinal)
                .Replace("{clustered}", engine.Clustered, StringComparison.Ordinal));
            Execute(string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO schema_version (version) VALUES ({version})"));
        }

        object? Execute(string sql)
        {
            using var command = transaction.Connection!.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, sql);
            return command.ExecuteScalar();
        }
    }
}
