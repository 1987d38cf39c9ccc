using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;

namespace EdgeCloud.Sql;

/// <summary>
/// Inserts rows into a table with commands that are prepared once, as many rows with each as the engine likes. For one
/// connection.
/// </summary>
/// <param name="connection">Whose the commands are.</param>
/// <param name="rowsPerCommand">At most.</param>
/// <param name="table">The table's name.</param>
/// <param name="columns">Its columns, in the order in which the values of a row are given.</param>
/// <param name="then">What follows the rows: what to do with those that are there, and what to return.</param>
internal sealed class RowWriter(
    DbConnection connection, int rowsPerCommand, string table, (string Name, DbType Type)[] columns, string then)
    : IDisposable
{
    private static readonly int[] Sizes = [64, 16, 4, 1];

    private readonly Dictionary<int, DbCommand> _commands = [];
    private readonly List<object?[]> _rows = [];

    /// <returns>SQL for the greater of what is there and what is written.</returns>
    public static string Greater(string table, string column) =>
        $"CASE WHEN excluded.{column} > {table}.{column} THEN excluded.{column} ELSE {table}.{column} END";

    /// <param name="values">One for each column; null for none.</param>
    public void Add(params object?[] values) => _rows.Add(values);

    /// <param name="transaction">The rows are inserted in.</param>
    /// <param name="read">Called for each row that the command returns.</param>
    public void Write(DbTransaction transaction, Action<DbDataReader>? read = null)
    {
        var written = 0;
        while (written < _rows.Count)
        {
            var size = Array.Find(Sizes, size => size <= Math.Min(rowsPerCommand, _rows.Count - written));
            var command = Command(size);
            command.Transaction = transaction;
            var parameter = 0;
            foreach (var value in _rows.GetRange(written, size).SelectMany(row => row))
                command.Parameters[parameter++].Value = value ?? DBNull.Value;
            written += size;
            if (read is null)
            {
                command.ExecuteNonQuery();
                continue;
            }

            using var reader = command.ExecuteReader();
            while (reader.Read())
                read(reader);
        }

        _rows.Clear();
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
    }

    private DbCommand Command(int rows)
    {
        if (_commands.TryGetValue(rows, out var command))
            return command;
        command = connection.CreateCommand();
        var names = string.Join(", ", columns.Select(each => each.Name));
        var text = new StringBuilder($"INSERT INTO {table} ({names}) VALUES ");
        for (var i = 0; i < rows * columns.Length; i++)
        {
            var column = i % columns.Length;
            text.Append(column > 0 ? ", " : i == 0 ? "(" : "), (").Append(CultureInfo.InvariantCulture, $"@p{i}");
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType) = ($"@p{i}", columns[column].Type);
            command.Parameters.Add(parameter);
        }

        command.CommandText = text.Append(") ").Append(then).ToString();
        command.Prepare();
        return _commands[rows] = command;
    }
}
