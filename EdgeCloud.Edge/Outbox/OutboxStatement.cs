using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// A statement that runs for every frame, prepared once, on SQLite's own interface: as commands of ADO.NET the five of
/// a frame allocate 3 KB. Not thread-safe. Every method throws <see cref="SqliteException"/> as a command does.
/// </summary>
internal sealed class OutboxStatement : IDisposable
{
    /// <summary>Beyond it, text is converted on the heap: only a trace_state can be longer.</summary>
    private const int LongestOnStack = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Open.</param>
    /// <param name="sql">One statement; its parameters are question marks, counted from 1.</param>
    public OutboxStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    public void Bind(int index, ReadOnlySpan<byte> blob) => Check(raw.sqlite3_bind_blob(_statement, index, blob));

    public void Bind(int index, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        Check(raw.sqlite3_bind_text(_statement, index, text));
    }

    public void Bind(int index, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, index));
            return;
        }

        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = longest <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[longest];
        Check(raw.sqlite3_bind_text(_statement, index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]));
    }

    public void Execute() => ExecuteScalar();

    /// <returns>The number in the first column of the first row; null when there is no row.</returns>
    public long? ExecuteScalar()
    {
        var result = raw.sqlite3_step(_statement);
        long? value = result == raw.SQLITE_ROW ? raw.sqlite3_column_int64(_statement, 0) : null;

        // Again fails as the step did.
        Check(raw.sqlite3_reset(_statement));
        return value;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
