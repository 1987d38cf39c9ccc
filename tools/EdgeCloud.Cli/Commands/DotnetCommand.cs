using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>up</c>, <c>test</c> and <c>bench</c>: dotnet commands of the README, from any folder, further arguments passed on.</summary>
internal static partial class DotnetCommand
{
    private const int SigTerm = 15;

    public static Command Up() => Create(
        "up", "Run the whole system (dotnet run --project EdgeCloud.AppHost)", "Arguments for the AppHost, after --", ["run", "--project", "EdgeCloud.AppHost", "--"]);

    public static Command Test() => Create(
        "test", "Run the tests (dotnet test EdgeCloud.sln)", "Arguments for dotnet test, after --", ["test", "EdgeCloud.sln"]);

    public static Command Bench() => Create(
        "bench", "Run the benchmarks (dotnet run -c Release --project tools/EdgeCloud.Bench)", "Arguments for BenchmarkDotNet, after --", ["run", "-c", "Release", "--project", "tools/EdgeCloud.Bench", "--"]);

    private static Command Create(string name, string description, string argumentsDescription, string[] arguments)
    {
        var further = new Argument<string[]>("arguments") { Description = argumentsDescription, Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(name, description) { further };
        command.SetAction((parsed, _) => RunAsync([.. arguments, .. parsed.GetValue(further) ?? []]));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root })!;

        // Ctrl+C reaches the child by itself, being of the same terminal; a termination signal only reaches us.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            if (!OperatingSystem.IsWindows())
                _ = Kill(dotnet.Id, SigTerm);
        });
        await dotnet.WaitForExitAsync(CancellationToken.None);
        return dotnet.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
