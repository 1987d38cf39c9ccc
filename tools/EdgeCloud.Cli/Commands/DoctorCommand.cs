using System.CommandLine;
using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// <c>doctor</c>: what the two commands need and whether it is there, one line each, the fix beside what is missing.
/// </summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check what EdgeCloud needs on this machine");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "what", "found", "fix");
        var missing = 0;
        await foreach (var finding in Checks.RunAsync(cancellationToken))
        {
            table.AddRow(
                finding.Verdict switch
                {
                    Verdict.Good => "[green]ok[/]",
                    Verdict.Optional => "[yellow]--[/]",
                    _ => "[red]no[/]",
                },
                Markup.Escape(finding.What), Markup.Escape(finding.Found), Markup.Escape(finding.Fix));
            missing += finding.Verdict == Verdict.Missing ? 1 : 0;
        }

        // One line each, whoever reads it; without a terminal the width would be 80.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 500;
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(missing == 0 ? "[green]All good.[/]" : $"[red]{missing} missing.[/]");
        return missing == 0 ? 0 : 1;
    }
}
