using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;

namespace EdgeCloud.Tests.StandIns.Aspire;

/// <summary>The AppHost as a person runs it, in a process of its own.</summary>
public sealed class AppHostProcessTests
{
    [StandInFact(typeof(DistributedApplication))]
    public async Task A_killed_AppHost_leaves_no_service_behind()
    {
        using var appHost = await StartAsync();
        var services = Processes.ChildrenOf(appHost.Id);
        Assert.Equal(2, services.Count);

        appHost.Kill();

        await Eventually.HoldsAsync(() => !services.Any(Processes.IsAlive), "every service has ended with the AppHost");
    }

    [StandInFact(typeof(DistributedApplication))]
    public Task Ctrl_C_stops_every_service_and_then_the_AppHost() => StopsByAsync("INT");

    [StandInFact(typeof(DistributedApplication))]
    public Task A_termination_signal_stops_every_service_and_then_the_AppHost() => StopsByAsync("TERM");

    private static async Task StopsByAsync(string signal)
    {
        using var appHost = await StartAsync();
        var services = Processes.ChildrenOf(appHost.Id);

        using var kill = Process.Start("kill", ["-s", signal, appHost.Id.ToString(CultureInfo.InvariantCulture)]);
        await appHost.WaitForExitAsync();

        Assert.Equal(0, appHost.ExitCode);
        Assert.DoesNotContain(services, Processes.IsAlive);
    }

    private static async Task<Process> StartAsync()
    {
        // As from a terminal: what a shell starts in the background ignores SIGINT, and so does all that it starts, these tests included.
        string[] arguments =
        [
            "--default-signal=INT", "dotnet", "exec", typeof(Projects.EdgeCloud_AppHost).Assembly.Location, "--Containers=off", "--DcpPublisher:RandomizePorts=true",
        ];
        var appHost = Process.Start(new ProcessStartInfo("env", arguments) { RedirectStandardOutput = true })!;
        while (await appHost.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains("EdgeCloud is running")) continue;

            _ = appHost.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return appHost;
        }

        throw new InvalidOperationException("The AppHost ended before the system was up.");
    }
}
