using System.Globalization;
using EdgeCloud.ServiceDefaults;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeCloud.Edge.Outbox;

/// <summary>Opens the outbox file, makes it when there is none, and sets one aside that is damaged.</summary>
internal static partial class OutboxOpening
{
    private const long SchemaVersion = 3;

    /// <summary>Long enough for an edge that is being replaced to let go of the file.</summary>
    private const int LockTimeoutSeconds = 3;

    /// <exception cref="OutboxException">The file is in use, cannot be written, or belongs to a
    /// later version.</exception>
    public static OutboxFile Open(OutboxOptions options, DateTimeOffset now, ILogger logger)
    {
        var path = Path.GetFullPath(options.OutboxPath);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                return Connect(path, options.Durability);
            }
            catch (SqliteException exception) when (IsDamage(exception))
            {
                var aside = SetAside(path, now);
                Log.Damaged(logger, path, exception.Message, aside);
                return Connect(path, options.Durability);
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            throw new OutboxException(
                $"The outbox {path} is in use by another process. Each edge needs one of its own: "
                + $"set {OutboxOptions.Section}:OutboxPath.", exception);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new OutboxException(
                $"The outbox {path} cannot be written: {exception.Message} Set {OutboxOptions.Section}:OutboxPath to a "
                + "file in a writable directory.", exception);
        }
    }

    /// <summary>True when the file itself is broken, so that no later attempt can succeed.</summary>
    public static bool IsDamage(SqliteException exception) =>
        exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    private static OutboxFile Connect(string path, OutboxDurability durability)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = LockTimeoutSeconds,
        }.ToString());
        try
        {
            connection.Open();

            // Exclusive, before anything else is read: one owner, whom the operating system's lock dies with, and no
            // shared-memory file beside the log.
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(
                connection,
                durability == OutboxDurability.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            Execute(connection, "PRAGMA journal_size_limit = 4194304");
            Execute(connection, "PRAGMA temp_store = MEMORY");

            if (Execute(connection, "PRAGMA quick_check(1)") is not "ok")
                throw new SqliteException("The file fails SQLite's check of its structure.", raw.SQLITE_CORRUPT);
            CreateTables(connection, path);
            return new OutboxFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CreateTables(SqliteConnection connection, string path)
    {
        var version = (long)Execute(connection, "PRAGMA user_version")!;
        if (version > SchemaVersion)
        {
            throw new OutboxException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The outbox {path} has schema version {version}, this edge knows {SchemaVersion}. Let the later "
                    + $"edge send what it holds, or set {OutboxOptions.Section}:OutboxPath to another file."));
        }

        // What Kafka rejects has a table of its own, since the events that wait are read and counted with every frame.
        // There is no index but for the one: the operator asks seldom.
        if (version < 2)
        {
            Execute(
                connection,
                """
                 BEGIN IMMEDIATE;
                 CREATE TABLE IF NOT EXISTS events (
                     id INTEGER PRIMARY KEY,
                     stored_at INTEGER NOT NULL,
                     bytes INTEGER NOT NULL,
                     device_id TEXT NOT NULL,
                     event_id TEXT NOT NULL,
                     timestamp INTEGER NOT NULL,
                     trace_parent TEXT,
                     trace_state TEXT,
                     json BLOB NOT NULL
                 ) STRICT;
                 CREATE TABLE set_aside (
                     id INTEGER PRIMARY KEY,
                     set_aside_at INTEGER NOT NULL,
                     reason TEXT NOT NULL,
                     sequence INTEGER,
                     stored_at INTEGER NOT NULL,
                     bytes INTEGER NOT NULL,
                     device_id TEXT NOT NULL,
                     event_id TEXT NOT NULL,
                     timestamp INTEGER NOT NULL,
                     trace_parent TEXT,
                     trace_state TEXT,
                     json BLOB NOT NULL
                 ) STRICT;
                 CREATE INDEX set_aside_event_id ON set_aside (event_id);
                 PRAGMA user_version = 2;
                 COMMIT;
                 """);
        }

        // An event of no type is a detection. The newest event of each presence that has not ended, so that whoever
        // finds the file of an edge that was killed can say that it has.
        if (version < SchemaVersion)
        {
            Execute(
                connection,
                $"""
                 BEGIN IMMEDIATE;
                 ALTER TABLE events ADD COLUMN type TEXT;
                 ALTER TABLE set_aside ADD COLUMN type TEXT;
                 CREATE TABLE open_presences (
                     presence_id TEXT PRIMARY KEY,
                     json BLOB NOT NULL
                 ) STRICT, WITHOUT ROWID;
                 PRAGMA user_version = {SchemaVersion.ToString(CultureInfo.InvariantCulture)};
                 COMMIT;
                 """);
        }
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string SetAside(string path, DateTimeOffset now)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{now:yyyyMMddTHHmmssfff}");
        File.Move(path, aside);
        // Named as SQLite expects the log of the file, for whoever tries to recover something from the two.
        if (File.Exists(path + "-wal"))
            File.Move(path + "-wal", aside + "-wal");
        return aside;
    }

    private static partial class Log
    {
        /// <remarks>Logged by <see cref="OutboxStore"/>, whose messages have the ids up to 3, and from 5.</remarks>
        [LoggerMessage(
            4, LogLevel.Error,
            "The outbox {Path} is damaged ({Reason}). It is kept as {Aside}; "
            + "the edge starts with an empty one, and what it still "
            + "held is not sent")]
        public static partial void Damaged(ILogger logger, string path, string reason, string aside);
    }
}

/// <summary>The outbox cannot be opened; the message says why and what to do.</summary>
internal sealed class OutboxException(string message, Exception? cause = null) : StartException(message, cause);
