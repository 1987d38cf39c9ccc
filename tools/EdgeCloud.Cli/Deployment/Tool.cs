using System.ComponentModel;
using System.Diagnostics;

namespace EdgeCloud.Cli.Deployment;

/// <summary>
/// A program on PATH that does the work: docker, podman, minikube, kubectl, git. It runs in the repository's root.
/// </summary>
/// <param name="Command">Its name.</param>
/// <param name="WhenMissing">What a person without it does.</param>
internal sealed record Tool(string Command, string WhenMissing)
{
    public static Tool Docker { get; } = new(
        "docker", "Install Docker (https://docs.docker.com/engine/install), or take podman with --builder podman.");

    public static Tool Podman { get; } = new(
        "podman", "Install Podman (https://podman.io/docs/installation), or take docker with --builder docker.");

    public static Tool Minikube { get; } = new("minikube", "Install it: https://minikube.sigs.k8s.io/docs/start");

    public static Tool Kubectl { get; } = new("kubectl", "Install it: https://kubernetes.io/docs/tasks/tools");

    public static Tool Git { get; } = new("git", "Install it: https://git-scm.com/downloads");

    /// <summary>Runs it on our terminal, showing the command first.</summary>
    /// <exception cref="DeploymentException">It is not there, or fails.</exception>
    public async Task RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string? input = null)
    {
        string[] all = [.. arguments];
        Console.WriteLine($"> {Command} {string.Join(' ', all)}");
        using var process = Start(all, start => start.RedirectStandardInput = input is not null);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }

        await EndAsync(process, cancellationToken);
        if (process.ExitCode != 0)
            throw new DeploymentException($"{Command} {all.FirstOrDefault(argument => argument[0] != '-')} failed with "
                + $"exit code {process.ExitCode} (its message is above).");
    }

    /// <returns>What it prints, without the last line break.</returns>
    /// <exception cref="DeploymentException">It is not there, or fails.</exception>
    public async Task<string> ReadAsync(
        IEnumerable<string> arguments, CancellationToken cancellationToken,
        (string Name, string Value)? environment = null)
    {
        string[] all = [.. arguments];
        var (exitCode, output, error) = await AskAsync(all, cancellationToken, environment);
        return exitCode == 0
            ? output
            : throw new DeploymentException($"{Command} {string.Join(' ', all)} failed: {error}");
    }

    /// <returns>Whether it is there and succeeds; what it prints is dropped.</returns>
    public async Task<bool> SucceedsAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        IsThere() && await AskAsync([.. arguments], cancellationToken) is (0, _, _);

    /// <exception cref="DeploymentException">It is not on PATH.</exception>
    public void Require()
    {
        if (!IsThere())
            throw new DeploymentException($"{Command} was not found. {WhenMissing}");
    }

    /// <exception cref="DeploymentException">It is not there.</exception>
    public Process Start(string[] arguments, Action<ProcessStartInfo> configure)
    {
        var start = new ProcessStartInfo(Command, arguments) { WorkingDirectory = Repository.Root };
        configure(start);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new DeploymentException($"{Command} was not found. {WhenMissing}");
        }
    }

    private async Task<(int ExitCode, string Output, string Error)> AskAsync(
        string[] arguments, CancellationToken cancellationToken, (string Name, string Value)? environment = null)
    {
        using var process = Start(arguments, start =>
        {
            (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
            if (environment is var (name, value))
                start.Environment[name] = value;
        });
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await EndAsync(process, cancellationToken);
        return (process.ExitCode, output.TrimEnd(), (await error).Trim());
    }

    private static async Task EndAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private bool IsThere() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, Command))
                || File.Exists(Path.Combine(directory, Command + ".exe")));
}
