using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;

namespace EdgeCloud.Tests.StandIns.Aspire;

/// <summary>The AppHost as a person runs it, in a process of its own.</summary>
public sealed class AppHostProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_killed_AppHost_leaves_no_service_behind()
    {
        using var appHost = await StartAsync();
        var children = await ChildrenAsync(appHost);

        appHost.Kill();

        await Eventually.HoldsAsync(() => !children.Any(Processes.IsAlive), "every child has ended with the AppHost");
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Prometheus_leaves_nothing_behind_and_says_where_it_is()
    {
        var said = new List<string>();
        using var appHost = await StartAsync(said);
        var prometheus = (await ChildrenAsync(appHost)).Select(Processes.CommandLine).Single(line => Path.GetFileName(line[0]) == "prometheus");
        var address = prometheus.Single(argument => argument.StartsWith("--web.listen-address=", StringComparison.Ordinal)).Split('=')[1];
        var folder = Path.GetDirectoryName(prometheus.Single(argument => argument.StartsWith("--storage.tsdb.path=", StringComparison.Ordinal)).Split('=')[1])!;
        Assert.True(Directory.Exists(folder));

        using var kill = Process.Start("kill", ["-s", "TERM", appHost.Id.ToString(CultureInfo.InvariantCulture)]);
        await appHost.WaitForExitAsync();

        Assert.False(Directory.Exists(folder));
        Assert.Contains(said, line => line.Contains("Prometheus", StringComparison.Ordinal) && line.Contains($"http://localhost:{address.Split(':')[1]}/", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("Grafana", StringComparison.Ordinal) && line.Contains("none: neither Docker nor Podman answers", StringComparison.Ordinal));
    }

    [StandInFact(typeof(DistributedApplication))]
    public Task Ctrl_C_stops_every_service_and_then_the_AppHost() => StopsByAsync("INT");

    [StandInFact(typeof(DistributedApplication))]
    public Task A_termination_signal_stops_every_service_and_then_the_AppHost() => StopsByAsync("TERM");

    private async Task StopsByAsync(string signal)
    {
        using var appHost = await StartAsync();
        var children = await ChildrenAsync(appHost);

        using var kill = Process.Start("kill", ["-s", signal, appHost.Id.ToString(CultureInfo.InvariantCulture)]);
        await appHost.WaitForExitAsync();

        Assert.Equal(0, appHost.ExitCode);
        Assert.DoesNotContain(children, Processes.IsAlive);
    }

    /// <summary>Both services and Prometheus, for which nobody waits, and nothing else.</summary>
    private static async Task<IReadOnlyList<int>> ChildrenAsync(Process appHost)
    {
        string[] wanted = ["EdgeCloud.Edge.dll", "EdgeCloud.Server.dll", "prometheus"];
        IReadOnlyList<int> children = [];
        await Eventually.HoldsAsync(
            () => (children = Processes.ChildrenOf(appHost.Id)).Count == wanted.Length
                && wanted.All(name => children.Any(child => Processes.CommandLine(child).Any(argument => Path.GetFileName(argument) == name))),
            "the services and Prometheus have been started");
        return children;
    }

    /// <param name="said">Gets the lines up to the end of the summary.</param>
    private async Task<Process> StartAsync(List<string>? said = null)
    {
        // As from a terminal: what a shell starts in the background ignores SIGINT, and so does all that it starts, these tests included.
        string[] arguments =
        [
            "--default-signal=INT", "dotnet", "exec", typeof(Projects.EdgeCloud_AppHost).Assembly.Location, "--Containers=off", "--DcpPublisher:RandomizePorts=true",
        ];
        var start = new ProcessStartInfo("env", arguments) { RedirectStandardOutput = true };
        start.Environment["Edge__Events__OutboxPath"] = _folder.File("outbox.db");

        // Who is killed does not clear up.
        start.Environment["TMPDIR"] = _folder.Path;
        var appHost = Process.Start(start)!;
        while (await appHost.StandardOutput.ReadLineAsync() is { } line)
        {
            said?.Add(line);

            // The summary's last line.
            if (!line.TrimStart().StartsWith("Kafka ", StringComparison.Ordinal)) continue;

            _ = appHost.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return appHost;
        }

        throw new InvalidOperationException("The AppHost ended before the system was up.");
    }
}
