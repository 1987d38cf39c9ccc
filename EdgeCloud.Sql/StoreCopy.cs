using System.Data;
using System.Data.Common;
using System.Globalization;

namespace EdgeCloud.Sql;

/// <summary>Copies a store into an empty one, of either engine, in one transaction there.</summary>
internal static class StoreCopy
{
    /// <summary>The class of SQL's states that says that a row is there already.</summary>
    private const string IntegrityViolation = "23";

    private static readonly Dictionary<Type, DbType> Types = new()
    {
        [typeof(int)] = DbType.Int32,
        [typeof(long)] = DbType.Int64,
        [typeof(double)] = DbType.Double,
        [typeof(string)] = DbType.String,
        [typeof(byte[])] = DbType.Binary,
    };

    /// <summary>
    /// All tables, or nothing. The source is migrated first, and claimed where it can be; a shared one is copied as it
    /// is at one moment. A server that starts on the target waits for the schema's lock; of one that has started
    /// before, either the first position waits for those that are copied and is void, or the copy fails.
    /// </summary>
    /// <param name="from">Where there are rows.</param>
    /// <param name="to">Where there are none, and not even tables need to be.</param>
    /// <param name="report">Called with a table, and how many of how many rows are copied, now and then.</param>
    /// <param name="cancellationToken">Ends it; nothing is copied then.</param>
    /// <returns>How many rows each table has, counted on both sides.</returns>
    /// <exception cref="StoreException">Nothing is copied; the message is one line that says why.</exception>
    public static IReadOnlyList<CopiedTable> Run(
        SqlEngine from, SqlEngine to, Action<string, long, long> report, CancellationToken cancellationToken)
    {
        if (from.Place == to.Place)
            throw new StoreException("The source and the target are the same history.");
        using var source = Try("The source cannot be used", () => OpenSource(from));
        using var target = Try("The target cannot be used", () => OpenClaimed(to));
        using var written = Try("The target cannot be used", () => BeginEmpty(target, to));
        return Try("The copy failed", () =>
        {
            using var read = source.BeginTransaction(IsolationLevel.RepeatableRead);
            var copied = Schema.Tables.Select(table => Copy(table, read, written, to, report, cancellationToken))
                .ToArray();
            written.Commit();
            return copied;
        });
    }

    private static DbConnection OpenSource(SqlEngine from)
    {
        from.RequireExisting();
        var source = OpenClaimed(from);
        try
        {
            using var transaction = source.BeginTransaction();
            Schema.Migrate(transaction, from);
            if (FindRows(transaction) is null)
                throw new StoreException("it has no history.");
            transaction.Commit();
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Not prepared to write as a server does: what is copied is to outlast a power cut.</summary>
    private static DbConnection OpenClaimed(SqlEngine engine)
    {
        engine.Claim();
        return engine.Source.OpenConnection();
    }

    private static DbTransaction BeginEmpty(DbConnection target, SqlEngine to)
    {
        var transaction = target.BeginTransaction();
        try
        {
            Schema.Migrate(transaction, to);
            return FindRows(transaction) is { } table
                ? throw new StoreException($"it has a history, with {table}. Only an empty one is copied to.")
                : transaction;
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }

    /// <returns>A table that has some; null when none has.</returns>
    private static string? FindRows(DbTransaction transaction) => Schema.Tables.FirstOrDefault(table =>
    {
        using var command = Command(transaction, $"SELECT 1 FROM {table} LIMIT 1");
        return command.ExecuteScalar() is not null;
    });

    private static CopiedTable Copy(
        string table, DbTransaction read, DbTransaction written, SqlEngine to, Action<string, long, long> report,
        CancellationToken cancellationToken)
    {
        var rows = Count(table, read);
        report(table, 0, rows);
        using (var command = Command(read, $"SELECT * FROM {table}"))
        using (var reader = command.ExecuteReader())
        {
            var columns = Enumerable.Range(0, reader.FieldCount)
                .Select(column => (reader.GetName(column), Types[reader.GetFieldType(column)])).ToArray();
            using var writer = new RowWriter(written.Connection!, to.RowsPerCommand, table, columns, then: "");
            for (long copied = 1; reader.Read(); copied++)
            {
                var values = new object[columns.Length];
                reader.GetValues(values);
                writer.Add(values);
                if (copied % to.RowsPerCommand != 0)
                    continue;
                cancellationToken.ThrowIfCancellationRequested();
                writer.Write(written);
                report(table, copied, rows);
            }

            writer.Write(written);
        }

        var there = Count(table, written);
        report(table, there, rows);
        return there == rows
            ? new CopiedTable(table, rows, there)
            : throw new StoreException(string.Create(
                CultureInfo.InvariantCulture, $"of {table} the source has {rows} rows and the target {there}."));
    }

    private static long Count(string table, DbTransaction transaction)
    {
        using var command = Command(transaction, $"SELECT COUNT(*) FROM {table}");
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>One that may take as long as it takes.</summary>
    private static DbCommand Command(DbTransaction transaction, string sql)
    {
        var command = transaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText, command.CommandTimeout) = (transaction, sql, 0);
        return command;
    }

    private static T Try<T>(string otherwise, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (DbException exception) when (
            exception.SqlState?.StartsWith(IntegrityViolation, StringComparison.Ordinal) == true)
        {
            throw new StoreException($"{otherwise}: a server writes to the target. Stop it first.", exception);
        }
        catch (Exception exception) when (exception is StoreException or DbException)
        {
            // PostgreSQL's have details below the first line.
            throw new StoreException($"{otherwise}: {exception.Message.Split('\n')[0]}", exception);
        }
    }
}

/// <param name="Table">Its name.</param>
/// <param name="SourceRows">How many the source has.</param>
/// <param name="TargetRows">How many the target has.</param>
internal sealed record CopiedTable(string Table, long SourceRows, long TargetRows);
