using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>docker or podman, by its command line. All containers of one run share a network, on which each is found by its resource name.</summary>
internal sealed class ContainerRuntimeCli(IConfiguration configuration) : IAsyncDisposable, IDisposable
{
    private const string StopPatienceSeconds = "8";
    private readonly string _suffix = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4));
    private readonly SemaphoreSlim _creatingNetwork = new(1, 1);
    private string? _network;

    private string Command => field ??= Choose(configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"]);

    public async Task<LaunchPlan> PlanAsync(
        ContainerResource container, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var name = $"{container.Name}-{_suffix}";
        var line = ContainerCommandLine.Run(container, name, await NetworkAsync(cancellationToken), arguments, environment);
        return new(Command, line, Environment.CurrentDirectory, EnvironmentContract.Inherited())
        {
            RequestStop = token => RunAsync(token, "stop", "--time", StopPatienceSeconds, name),
            // Killed, the command line would leave its container running; terminated, it passes the signal on.
            SignalOnParentDeath = "TERM",
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _network, null) is not { } network) return;
        try
        {
            await RunAsync(CancellationToken.None, "network", "rm", network);
        }
        catch (DistributedApplicationException)
        {
            // A container that would not stop still uses it; the next prune takes it away.
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<string> NetworkAsync(CancellationToken cancellationToken)
    {
        await _creatingNetwork.WaitAsync(cancellationToken);
        try
        {
            if (_network is null)
            {
                var network = $"aspire-{_suffix}";
                await RunAsync(cancellationToken, "network", "create", network);
                _network = network;
            }

            return _network;
        }
        finally
        {
            _creatingNetwork.Release();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await output;
        if (process.ExitCode != 0)
            throw new DistributedApplicationException($"'{Path.GetFileName(Command)} {string.Join(' ', arguments)}' failed: {(await errors).Trim()}");
    }

    private static string Choose(string? configured)
    {
        string[] candidates = configured is null ? ["docker", "podman"] : [configured];
        return candidates.Select(candidate => Executables.Find(candidate)).FirstOrDefault(found => found is not null)
            ?? throw new DistributedApplicationException($"a container needs a container runtime, and there is no {string.Join(" and no ", candidates)} here");
    }
}
