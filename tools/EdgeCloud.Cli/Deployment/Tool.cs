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
    /// <summary>An image may have to be built from nothing over a slow network; nothing takes longer.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromHours(2);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(1);

    public static Tool Docker { get; } = new(
        "docker", "Install Docker (https://docs.docker.com/engine/install), or take podman with --builder podman.");

    public static Tool Podman { get; } = new(
        "podman", "Install Podman (https://podman.io/docs/installation), or take docker with --builder docker.");

    public static Tool Minikube { get; } = new("minikube", "Install it: https://minikube.sigs.k8s.io/docs/start");

    public static Tool Kubectl { get; } = new("kubectl", "Install it: https://kubernetes.io/docs/tasks/tools");

    public static Tool Git { get; } = new("git", "Install it: https://git-scm.com/downloads");

    /// <summary>Runs it on our terminal, showing the command first.</summary>
    /// <param name="arguments">What it is to do.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="input">What it reads, if not our terminal.</param>
    /// <param name="isEndless">Whether it goes on until it is ended.</param>
    /// <exception cref="DeploymentException">It is not there, or fails.</exception>
    public async Task RunAsync(
        IEnumerable<string> arguments, CancellationToken cancellationToken, string? input = null,
        bool isEndless = false)
    {
        string[] all = [.. arguments];
        Console.WriteLine($"> {Command} {string.Join(' ', all)}");
        using var process = Start(all, start => start.RedirectStandardInput = input is not null);
        await EndsAsync(
            process, Command, isEndless ? Timeout.InfiniteTimeSpan : RunLimit,
            async token =>
            {
                if (input is null)
                    return;
                await process.StandardInput.WriteAsync(input.AsMemory(), token);
                process.StandardInput.Close();
            },
            cancellationToken);
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
        IsThere() && await TryAskAsync([.. arguments], cancellationToken) is (0, _);

    /// <returns>Its exit code and what it prints, on standard error if it prints nothing else; -1 and why when it
    /// is not there or does not end.</returns>
    public async Task<(int ExitCode, string Output)> TryAskAsync(
        string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var (exitCode, output, error) = await AskAsync(arguments, cancellationToken);
            return (exitCode, output.Length > 0 ? output : error);
        }
        catch (DeploymentException exception)
        {
            return (-1, exception.Message);
        }
    }

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
            throw new DeploymentException($"{Command} was not found. {WhenMissing}".TrimEnd());
        }
    }

    /// <summary>
    /// Returns when the process has ended; one that must not go on is killed with all it has started.
    /// </summary>
    /// <exception cref="DeploymentException">It has not ended within the limit.</exception>
    public static async Task EndsAsync(
        Process process, string name, TimeSpan limit, Func<CancellationToken, Task> talk,
        CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limit);
        try
        {
            await talk(end.Token);
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new DeploymentException($"{name} has not ended within {limit}.");
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
        var (output, error) = ("", "");
        await EndsAsync(
            process, Command, AnswerLimit,
            async token =>
            {
                var errors = process.StandardError.ReadToEndAsync(token);
                output = await process.StandardOutput.ReadToEndAsync(token);
                error = await errors;
            },
            cancellationToken);
        return (process.ExitCode, output.TrimEnd(), error.Trim());
    }

    private bool IsThere() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, Command))
                || File.Exists(Path.Combine(directory, Command + ".exe")));
}
