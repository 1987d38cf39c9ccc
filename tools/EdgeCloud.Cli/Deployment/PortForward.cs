using System.Diagnostics;
using System.Globalization;

namespace EdgeCloud.Cli.Deployment;

/// <summary>
/// kubectl port-forward to one of our Deployments, the only way to the edge, which has no Service. kubectl ends when
/// its pod does, or stays and forwards to nothing, and does not begin while the pod is being replaced; this begins
/// again.
/// </summary>
internal sealed class PortForward : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(2);

    /// <summary>For an answer. A pod under load takes its time, and one that is gone gives none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Cluster _cluster;
    private readonly string _deployment;
    private readonly string _ports;
    private readonly HttpClient _client;
    private Process? _process;

    private PortForward(Cluster cluster, string deployment, int localPort, int port)
    {
        (_cluster, _deployment) = (cluster, deployment);
        _ports = string.Create(CultureInfo.InvariantCulture, $"{localPort}:{port}");
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{localPort}"));

        // A connection of its own for each question: one that is kept would say nothing of new ones.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = Address,
            Timeout = Patience,
        };
    }

    /// <summary>Where it is reached.</summary>
    public Uri Address { get; }

    /// <summary>Returns when connections are forwarded, after a restart that is in progress.</summary>
    /// <exception cref="DeploymentException">kubectl gives up: the port is in use, or there is nothing
    /// that is ready.</exception>
    public static async Task<PortForward> StartAsync(
        Cluster cluster, string deployment, int localPort, int port, CancellationToken cancellationToken)
    {
        var forward = new PortForward(cluster, deployment, localPort, port);
        try
        {
            if (await forward.BeginAsync(quiet: false, cancellationToken))
                return forward;
            if (!await cluster.IsBeingReplacedAsync(deployment, cancellationToken))
                throw new DeploymentException($"{deployment} cannot be reached at port {localPort} (kubectl's message "
                    + "is above). Is the port in use? Choose others with --edge-port and --server-port.");

            Console.WriteLine($"{deployment} has no pod that is ready yet. Waiting for it.");
            await forward.BeginAgainAsync(cancellationToken);
            return forward;
        }
        catch
        {
            await forward.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins again whenever the forwarding has ended or leads nowhere; does not return.</summary>
    /// <exception cref="OperationCanceledException">It is told to end.</exception>
    public async Task KeepUpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await LedNowhereAsync(cancellationToken);
            Console.WriteLine($"The forwarding to {_deployment} broke. Trying again.");
            await BeginAgainAsync(cancellationToken);
            Console.WriteLine($"{_deployment} is forwarded again: {Address}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await EndAsync();
    }

    /// <summary>Until kubectl has ended, or twice in a row there was no answer through it.</summary>
    private async Task LedNowhereAsync(CancellationToken cancellationToken)
    {
        var unanswered = 0;
        while (!_process!.HasExited && unanswered < 2)
        {
            await EndedWithinAsync(BetweenQuestions, cancellationToken);
            unanswered = await AnswersAsync(cancellationToken) ? 0 : unanswered + 1;
        }
    }

    /// <summary>Until there is an answer through it, with pauses that grow.</summary>
    private async Task BeginAgainAsync(CancellationToken cancellationToken)
    {
        for (var pause = ShortestPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            await Task.Delay(pause, cancellationToken);
            if (await BeginAsync(quiet: true, cancellationToken) && await AnswersAsync(cancellationToken))
                return;
        }
    }

    /// <returns>Whether kubectl listens.</returns>
    private async Task<bool> BeginAsync(bool quiet, CancellationToken cancellationToken)
    {
        await EndAsync();
        _process = Tool.Kubectl.Start(
            _cluster.Arguments(["port-forward", $"deployment/{_deployment}", _ports]),
            start => (start.RedirectStandardOutput, start.RedirectStandardError) = (true, quiet));
        if (quiet)
            _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("Forwarding from", StringComparison.Ordinal)) continue;

            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return true;
        }

        return false;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync("/alive", cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task EndedWithinAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(time);
        try
        {
            await _process!.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It goes on.
        }
    }

    private async Task EndAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }
}
