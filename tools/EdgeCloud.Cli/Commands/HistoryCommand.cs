using System.CommandLine;
using System.Globalization;
using EdgeCloud.Sql;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>history copy</c>: the server's history from SQLite to PostgreSQL, or back. No connection string is ever printed,
/// not even a part of one that is wrong, since it may have a password in it.
/// </summary>
internal static class HistoryCommand
{
    public static Command Create() =>
        new("history", "Look after the server's history") { Copy(), Anything() };

    private static Command Copy()
    {
        var from = new Option<string?>("--from")
        {
            Description = "The connection string to copy from; the file that the server uses by default when left out",
            HelpName = "connection string",
        };
        var to = new Option<string>("--to")
        {
            Description = "The connection string of an empty one: \"Host=…;Username=…;Database=…\" for PostgreSQL, "
                + "\"Data Source=…\" for SQLite. A password is better in PGPASSWORD, or in the file that PGPASSFILE "
                + "names",
            HelpName = "connection string",
            Required = true,
        };
        var command = new Command("copy", "Copy the history into an empty database, of the same kind or the other, "
            + "while no server uses it; a server on the copy goes on where the other stopped") { from, to, Anything() };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            Run(parsed.GetValue(from), parsed.GetRequiredValue(to), cancellationToken)));
        return command;
    }

    /// <summary>What is not understood would be printed otherwise, and may be a connection string.</summary>
    private static Argument<string[]> Anything()
    {
        var anything = new Argument<string[]>("anything") { Arity = ArgumentArity.ZeroOrMore, Hidden = true };
        anything.Validators.Add(static result =>
        {
            if (result.Tokens.Count > 0)
                result.AddError("Say history copy --to \"…\", and perhaps --from \"…\", each in quotes.");
        });
        return anything;
    }

    private static int Run(string? from, string to, CancellationToken cancellationToken)
    {
        try
        {
            using var source = Engine("--from", from);
            using var target = Engine("--to", to);
            Show(Copy(source, target, cancellationToken));
            return 0;
        }
        catch (StoreException exception)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]Nothing was copied.[/] {exception.Message}");
            return 1;
        }
    }

    private static SqlEngine Engine(string option, string? connectionString)
    {
        try
        {
            return option == "--from" || !string.IsNullOrWhiteSpace(connectionString)
                ? SqlEngine.Of(connectionString)
                : throw new StoreException("");
        }
        catch (StoreException exception)
        {
            throw new StoreException(
                $"{option} is neither a connection string of PostgreSQL (Host=…;Database=…) nor one of SQLite (Data "
                + "Source=…). A value with a semicolon in it needs quotes of its own.", exception);
        }
    }

    private static IReadOnlyList<CopiedTable> Copy(
        SqlEngine source, SqlEngine target, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
            return StoreCopy.Run(source, target, static (_, _, _) => { }, cancellationToken);
        Dictionary<string, ProgressTask> tasks = [];
        return Terminal.Error.Progress().AutoClear(true).Start(progress => StoreCopy.Run(
            source, target,
            (table, copied, rows) =>
            {
                if (!tasks.TryGetValue(table, out var task))
                    tasks.Add(table, task = progress.AddTask(table, maxValue: Math.Max(1, rows)));
                task.Value = rows == 0 ? 1 : copied;
            },
            cancellationToken));
    }

    private static void Show(IReadOnlyList<CopiedTable> tables)
    {
        var table = new Table().Border(TableBorder.None).AddColumn("table")
            .AddColumn("rows there", column => column.RightAligned())
            .AddColumn("rows copied", column => column.RightAligned());
        foreach (var copied in tables)
            table.AddRow(copied.Table, Text(copied.SourceRows), Text(copied.TargetRows));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(
            $"Now set ConnectionStrings:{SqlEngine.ConnectionName} of the server to what --to was and start it: it "
            + "goes on where the other stopped.");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
