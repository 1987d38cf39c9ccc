using Xunit.Abstractions;

namespace EdgeCloud.Tests.AppHost;

/// <summary>How the system ends. The bounds are times, so nothing else runs meanwhile.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AppHostProcessTests(ITestOutputHelper output)
{
    private const string Name = "AppHost process";

    [Fact]
    public async Task Ctrl_C_ends_every_process_within_5_seconds()
    {
        await using var appHost = await AppHostProcess.StartAsync();

        Assert.Equal(0, await EndsAsync(appHost, "INT", TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_termination_signal_does_too_and_the_Prometheus_of_the_summary_leaves_no_data()
    {
        await using var appHost = await AppHostProcess.StartAsync();
        var data = Directory.GetParent(StorageOfPrometheus(appHost))!.FullName;
        Assert.True(Directory.Exists(data));
        using var http = new HttpClient { BaseAddress = new Uri(appHost.SummaryOf("Prometheus")) };
        Assert.Contains("Prometheus", await http.GetStringAsync("-/ready"), StringComparison.Ordinal);
        Assert.Equal("none: neither Docker nor Podman answers", appHost.SummaryOf("Grafana"));

        Assert.Equal(0, await EndsAsync(appHost, "TERM", TimeSpan.FromSeconds(5)));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task A_killed_AppHost_has_left_nothing_running_15_seconds_later()
    {
        await using var appHost = await AppHostProcess.StartAsync();

        await EndsAsync(appHost, "KILL", TimeSpan.FromSeconds(15));
    }

    private async Task<int> EndsAsync(AppHostProcess appHost, string signal, TimeSpan limit)
    {
        var (took, exitCode) = await appHost.EndAsync(signal);
        output.WriteLine($"SIG{signal}: everything has ended after {took.TotalSeconds:F1} s.");
        Assert.InRange(took, TimeSpan.Zero, limit);
        return exitCode;
    }

    private static string StorageOfPrometheus(AppHostProcess appHost) => appHost.Alive
        .Select(Processes.CommandLine).Single(line => Path.GetFileName(line[0]) == "prometheus")
        .Single(argument => argument.StartsWith("--storage.tsdb.path=", StringComparison.Ordinal)).Split('=')[1];
}
