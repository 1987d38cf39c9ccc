using Spectre.Console;

namespace EdgeCloud.Cli.Commands;

/// <summary>Where commands write: results to standard output, problems to standard error.</summary>
internal static class Terminal
{
    public static IAnsiConsole Error { get; } = ToFileOrScreen(
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
        Console.IsErrorRedirected);

    /// <summary>A file gets plain lines as they are, whatever the width of the screen they are not on.</summary>
    public static void Prepare() => ToFileOrScreen(AnsiConsole.Console, Console.IsOutputRedirected);

    /// <summary>What strangers wrote, or what answers at an address that is no edge's, must not steer the terminal.
    /// </summary>
    public static string Printable(string text) =>
        string.Concat(text.Select(static character => char.IsControl(character) ? '\uFFFD' : character));

    private static IAnsiConsole ToFileOrScreen(IAnsiConsole console, bool isRedirected)
    {
        if (isRedirected)
        {
            console.Profile.Width = short.MaxValue;
            console.Profile.Capabilities.Ansi = false;
            console.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        return console;
    }
}
