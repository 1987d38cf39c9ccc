using System.Diagnostics;
using System.Globalization;

namespace EdgeCloud.Cli.Deployment;

/// <summary>kubectl port-forward to one of our Deployments: the only way to the edge, which has no Service.</summary>
internal sealed class PortForward : IDisposable
{
    private readonly Process _process;

    private PortForward(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it is reached.</summary>
    public Uri Address { get; }

    /// <summary>Returns when connections are forwarded.</summary>
    /// <exception cref="DeploymentException">kubectl gives up: the port is in use, or there is nothing
    /// that is ready.</exception>
    public static async Task<PortForward> StartAsync(
        Cluster cluster, string deployment, int localPort, int port, CancellationToken cancellationToken)
    {
        var ports = string.Create(CultureInfo.InvariantCulture, $"{localPort}:{port}");
        var process = Tool.Kubectl.Start(
            cluster.Arguments(["port-forward", $"deployment/{deployment}", ports]),
            start => start.RedirectStandardOutput = true);
        var forward = new PortForward(
            process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{localPort}")));
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (!line.StartsWith("Forwarding from", StringComparison.Ordinal)) continue;

                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return forward;
            }
        }
        catch (OperationCanceledException)
        {
            forward.Dispose();
            throw;
        }

        forward.Dispose();
        throw new DeploymentException($"{deployment} cannot be reached at port {localPort} (kubectl's message is "
            + "above). Is the port in use? Choose others with --edge-port and --server-port.");
    }

    /// <summary>Returns when kubectl ends, as it does when the pod goes.</summary>
    public Task EndedAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
