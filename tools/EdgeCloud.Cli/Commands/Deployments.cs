using System.CommandLine;
using System.Runtime.InteropServices;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Cli.Commands;

/// <summary>What the commands of a deployment share.</summary>
internal static class Deployments
{
    /// <returns>The exit code: 1 when it fails, with the reason on the terminal; 130, as shells have it, when it is interrupted.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task> work)
    {
        const int interrupted = 130;

        // System.CommandLine's own token is not cancelled by either under .NET 10, and what we started must not be left running.
        using var ended = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            await work(ended.Token);
            return 0;
        }
        catch (DeploymentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return interrupted;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.Cancel();
        }
    }
}

/// <summary>The option that says which cluster is meant.</summary>
internal static class Contexts
{
    public static Option<string> Option() => new("--context")
    {
        Description = "Minikube's profile, which is kubectl's context too; nothing else is ever touched",
        HelpName = "name",
        DefaultValueFactory = _ => "minikube",
    };
}
