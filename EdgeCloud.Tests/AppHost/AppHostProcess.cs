using System.Diagnostics;

namespace EdgeCloud.Tests.AppHost;

/// <summary>The AppHost as a person runs it, in a process of its own, with everything that it has started.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    /// <summary>Inherited by every process: DCP leaves the AppHost's session and does not stay its child.</summary>
    private const string Mark = "EDGECLOUD_TEST_RUN";

    private static readonly string[] Expected =
        ["dcp", "Aspire.Dashboard", "EdgeCloud.Edge", "EdgeCloud.Server", "prometheus"];

    private readonly string _run = Guid.NewGuid().ToString();
    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _process;

    private AppHostProcess() => _process = ChildProcess.Start(
        Command, Environment, Path.Combine(Repository.Root, "EdgeCloud.AppHost"));

    /// <summary>Itself, and all that it has started and that is still there.</summary>
    public IReadOnlyList<int> Alive => Processes.WithVariable(Mark, _run);

    /// <returns>The text behind a label of the summary.</returns>
    public string SummaryOf(string label) => _process.Output.Select(line => line.Trim())
        .Single(line => line.StartsWith($"{label} ", StringComparison.Ordinal))[label.Length..].Trim();

    /// <returns>An AppHost that has printed its summary, with every process of the system running.</returns>
    public static async Task<AppHostProcess> StartAsync()
    {
        var appHost = new AppHostProcess();
        try
        {
            await Eventually.HoldsAsync(() => appHost.IsUp || appHost._process.HasExited, "the system is up");
            Assert.True(!appHost._process.HasExited, string.Join('\n', appHost._process.Output));
            return appHost;
        }
        catch
        {
            await appHost.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends the AppHost a signal, and waits until it and all that it has started are gone.</summary>
    /// <returns>How long that took, and its exit code.</returns>
    public async Task<(TimeSpan Took, int ExitCode)> EndAsync(string signal)
    {
        var started = Stopwatch.GetTimestamp();
        await _process.SignalAsync(signal);
        await Eventually.HoldsAsync(() => Alive.Count == 0, "everything that the AppHost had started has ended");
        var took = Stopwatch.GetElapsedTime(started);
        return (took, (await _process.EndAsync()).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        // Left by a test that has failed; some may end meanwhile.
        if (Alive is { Count: > 0 } left)
            await ChildProcess.RunAsync(["kill", "-s", "KILL", .. left.Select(id => $"{id}")]);

        _process.Dispose();
        _folder.Dispose();
    }

    private bool IsUp =>
        _process.Output.Any(line => line.TrimStart().StartsWith("Kafka ", StringComparison.Ordinal))
        && Alive.SelectMany(Processes.CommandLine).Select(Path.GetFileName).ToHashSet() is var running
        && Expected.All(name => running.Contains(name) || running.Contains($"{name}.dll"));

    /// <summary>
    /// What <c>dotnet run</c> starts with the launch profile, on free ports, and as from a terminal: what a shell
    /// starts in the background ignores SIGINT, and so does all that it starts.
    /// </summary>
    private static string[] Command =>
    [
        "env", "--default-signal=INT",
        .. ChildProcess.Dotnet(
            "EdgeCloud.AppHost", "--Containers=off", "--Kafka:Mode=Embedded", "--DcpPublisher:RandomizePorts=true"),
    ];

    private Dictionary<string, string?> Environment => new()
    {
        [Mark] = _run,

        // An AppHost that is killed does not clear up.
        ["TMPDIR"] = _folder.Path,
        ["Edge__Events__OutboxPath"] = _folder.File("outbox.db"),
        ["Edge__Phone__Folder"] = _folder.File("phone"),
        ["ConnectionStrings__history"] = $"Data Source={_folder.File("history.db")}",
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["ASPNETCORE_URLS"] = "http://localhost:0",
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:0",
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "http://localhost:0",
    };
}
