using System.Data.Common;
using EdgeCloud.ServiceDefaults;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace EdgeCloud.Sql;

/// <summary>All that differs between the engines.</summary>
internal abstract class SqlEngine : IDisposable
{
    /// <summary>Of the connection string: <c>Host=…</c> is PostgreSQL, <c>Data Source=…</c> SQLite.</summary>
    public const string ConnectionName = "history";

    /// <summary>The value of db.system.name, as OpenTelemetry's conventions have it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether several servers can have it at once.</summary>
    public abstract bool IsShared { get; }

    public abstract DbDataSource Source { get; }

    /// <summary>Where the tables are: the same for the same, without user and password.</summary>
    public abstract string Place { get; }

    /// <summary>Of a column that holds bytes.</summary>
    public abstract string BytesType { get; }

    /// <summary>Behind a table that is only read by its key, which it is to lie in the order of.</summary>
    public abstract string Clustered { get; }

    /// <summary>How many rows one command inserts best: many where each is a round trip, one where it is a call, since
    /// SQLite finds a parameter by looking through all.</summary>
    public abstract int RowsPerCommand { get; }

    /// <summary>Asks for the bytes of the whole database.</summary>
    public abstract string SizeQuery { get; }

    /// <summary>Asks for the tables with the rows of each: exactly, or where the engine has an estimate, for that. A
    /// table that it has not estimated yet is left out.</summary>
    public abstract string RowsQuery { get; }

    /// <summary>Run before the schema is looked at, in the transaction that changes it, so that one server does; null
    /// where a transaction is alone already.</summary>
    public abstract string? SchemaLock { get; }

    /// <param name="connectionString">Null or empty for a file of its own in the data folder.</param>
    /// <param name="postgreSql">Connects to a PostgreSQL; by the connection string alone when it is left out.</param>
    /// <exception cref="StoreException">It is neither engine's.</exception>
    public static SqlEngine Of(string? connectionString, Func<NpgsqlDataSource>? postgreSql = null)
    {
        try
        {
            var text = string.IsNullOrWhiteSpace(connectionString) ? null : connectionString;
            var keys = new DbConnectionStringBuilder { ConnectionString = text ?? "" };
            return text is null
                    ? new Sqlite(new SqliteConnectionStringBuilder { DataSource = DataFolder.File("history.db") })
                : keys.ContainsKey("Host") || keys.ContainsKey("Server")
                    ? new PostgreSql(new NpgsqlConnectionStringBuilder(text), postgreSql)
                : keys.ContainsKey("Data Source") || keys.ContainsKey("Filename")
                    ? new Sqlite(new SqliteConnectionStringBuilder(text))
                : throw new ArgumentException("It names neither Host nor Data Source.");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new StoreException(
                $"ConnectionStrings:{ConnectionName} is neither PostgreSQL's (Host=…;Database=…) nor "
                + $"SQLite's (Data Source=…): {exception.Message}", exception);
        }
    }

    /// <summary>Makes sure that there is something to read: a file that is not there is made when it is
    /// opened.</summary>
    /// <exception cref="StoreException">There is nothing.</exception>
    public abstract void RequireExisting();

    /// <summary>Makes it this server's, where there can be only one.</summary>
    /// <exception cref="StoreException">It is another's, or cannot be written.</exception>
    public abstract void Claim();

    /// <summary>Sets a connection up that is going to write.</summary>
    public abstract void PrepareToWrite(DbConnection connection);

    /// <returns>What was set aside, since it cannot be read; null when that is no reason.</returns>
    public abstract string? SetAside(DbException exception, DateTimeOffset now);

    public virtual void Dispose() => Source.Dispose();

    private sealed class Sqlite : SqlEngine
    {
        private const int LockedOnUnix = 11;
        private const int LockedOnWindows = unchecked((int)0x80070020);

        private readonly string _path;
        private FileStream? _claim;

        public Sqlite(SqliteConnectionStringBuilder settings)
        {
            if (settings.Mode == SqliteOpenMode.Memory || settings.DataSource is "" or ":memory:")
                throw new ArgumentException("Data Source must name a file.");
            settings.DataSource = _path = Path.GetFullPath(settings.DataSource);
            Source = SqliteFactory.Instance.CreateDataSource(settings.ToString());
        }

        public override string Name => "sqlite";

        public override bool IsShared => false;

        public override DbDataSource Source { get; }

        public override string Place => _path;

        public override string BytesType => "BLOB";

        public override string Clustered => " WITHOUT ROWID";

        public override int RowsPerCommand => 1;

        public override string SizeQuery => "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";

        public override string RowsQuery => string.Join(
            " UNION ALL ", Schema.Tables.Select(static table => $"SELECT '{table}', COUNT(*) FROM {table}"));

        public override string? SchemaLock => null;

        public override void RequireExisting()
        {
            if (!File.Exists(_path))
                throw new StoreException($"The history {_path} does not exist.");
        }

        public override void Claim()
        {
            if (_claim is not null)
                return;
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!);

                // A lock that dies with its process. SQLite's own would keep this server's readers out, too.
                _claim = new FileStream(
                    _path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception.HResult is LockedOnUnix or LockedOnWindows)
            {
                throw new StoreException(
                    $"The history {_path} is in use by another server: stop that first. A file serves one; for "
                    + $"several, set ConnectionStrings:{ConnectionName} to a PostgreSQL database.", exception);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StoreException(
                    $"The history {_path} cannot be written: {exception.Message} Set "
                    + $"ConnectionStrings:{ConnectionName} to Data Source= and a file in a writable "
                    + "directory, or to a PostgreSQL database.", exception);
            }
        }

        /// <summary>
        /// Readers and the writer do not wait for each other; and a power cut takes what was written last, but with
        /// the positions, so that it is read again.
        /// </summary>
        public override void PrepareToWrite(DbConnection connection)
        {
            foreach (var pragma in new[] { "journal_mode = WAL", "synchronous = NORMAL", "temp_store = MEMORY" })
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"PRAGMA {pragma}";
                command.ExecuteNonQuery();
            }
        }

        public override string? SetAside(DbException exception, DateTimeOffset now)
        {
            if (exception is not SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB })
                return null;
            SqliteConnection.ClearAllPools();
            var aside = FormattableString.Invariant($"{_path}.damaged-{now:yyyyMMddTHHmmssfff}");
            foreach (var suffix in new[] { "", "-wal", "-shm" })
            {
                if (File.Exists(_path + suffix))
                    File.Move(_path + suffix, aside + suffix);
            }

            return aside;
        }

        public override void Dispose()
        {
            base.Dispose();
            SqliteConnection.ClearAllPools();
            _claim?.Dispose();
        }
    }

    private sealed class PostgreSql(NpgsqlConnectionStringBuilder settings, Func<NpgsqlDataSource>? source) : SqlEngine
    {
        public override string Name => "postgresql";

        public override bool IsShared => true;

        public override DbDataSource Source { get; } = source?.Invoke() ?? NpgsqlDataSource.Create(settings);

        public override string Place { get; } =
            $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}/{settings.SearchPath}";

        public override string BytesType => "BYTEA";

        public override string Clustered => "";

        public override int RowsPerCommand => 64;

        public override string SizeQuery => "SELECT pg_database_size(current_database())";

        public override string RowsQuery =>
            $"""
             SELECT relname, reltuples::bigint FROM pg_class
             WHERE oid IN ({string.Join(", ", Schema.Tables.Select(static table => $"'{table}'::regclass"))})
                 AND reltuples >= 0
             """;

        /// <summary>The number is "EdgeCld". Tables, unlike what is in them, are not made again when a crash takes them
        /// from whoever has made them.</summary>
        public override string? SchemaLock =>
            "SET LOCAL synchronous_commit = on; SELECT pg_advisory_xact_lock(19537622118067300)";

        public override void RequireExisting()
        {
        }

        public override void Claim()
        {
        }

        /// <summary>A crash of the database takes what it confirmed last with the positions, as above.</summary>
        public override void PrepareToWrite(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SET synchronous_commit = off";
            command.ExecuteNonQuery();
        }

        public override string? SetAside(DbException exception, DateTimeOffset now) => null;
    }
}

/// <summary>The store cannot be used as it is set up; the message says why and what to do.</summary>
internal sealed class StoreException(string message, Exception? cause = null) : StartException(message, cause);
