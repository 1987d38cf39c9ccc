using System.Diagnostics;

namespace EdgeCloud.Tests.Observability;

/// <summary>A command of the system.</summary>
internal static class Tool
{
    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code, and what it wrote to standard output and standard error.</returns>
    public static async Task<(int ExitCode, string Text)> RunAsync(string command, string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
