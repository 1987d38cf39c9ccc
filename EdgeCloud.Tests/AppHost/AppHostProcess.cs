using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EdgeCloud.Tests.AppHost;

/// <summary>The AppHost as a person runs it, in a process of its own, with everything that it has started.</summary>
internal sealed class AppHostProcess : IDisposable
{
    /// <summary>Inherited by every process: DCP leaves the AppHost's session and does not stay its child.</summary>
    private const string Mark = "EDGECLOUD_TEST_RUN";

    private static readonly string[] Expected =
        ["dcp", "Aspire.Dashboard", "EdgeCloud.Edge", "EdgeCloud.Server", "prometheus"];

    private readonly string _run = Guid.NewGuid().ToString();
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private AppHostProcess() => _process = Process.Start(Command())!;

    /// <summary>What it has written so far, line by line.</summary>
    public ConcurrentQueue<string> Output { get; } = [];

    public int ExitCode => _process.ExitCode;

    /// <summary>Itself, and all that it has started and that is still there.</summary>
    public IReadOnlyList<int> Alive => Processes.WithVariable(Mark, _run);

    /// <returns>The text behind a label of the summary.</returns>
    public string SummaryOf(string label) => Output.Select(line => line.Trim())
        .Single(line => line.StartsWith($"{label} ", StringComparison.Ordinal))[label.Length..].Trim();

    /// <returns>An AppHost that has printed its summary, with every process of the system running.</returns>
    public static async Task<AppHostProcess> StartAsync()
    {
        var appHost = new AppHostProcess();
        appHost._process.OutputDataReceived += (_, line) => appHost.Output.Enqueue(line.Data ?? "");
        appHost._process.BeginOutputReadLine();
        try
        {
            await Eventually.HoldsAsync(() => appHost.IsUp || appHost._process.HasExited, "the system is up");
            Assert.True(!appHost._process.HasExited, string.Join('\n', appHost.Output));
            return appHost;
        }
        catch
        {
            appHost.Dispose();
            throw;
        }
    }

    /// <summary>Sends the AppHost a signal, and waits until it and all that it has started are gone.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> EndAsync(string signal)
    {
        var started = Stopwatch.GetTimestamp();
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await Eventually.HoldsAsync(() => Alive.Count == 0, "everything that the AppHost had started has ended");
        var took = Stopwatch.GetElapsedTime(started);
        await _process.WaitForExitAsync();
        return took;
    }

    public void Dispose()
    {
        // Left by a test that has failed; some may end meanwhile.
        if (Alive is { Count: > 0 } left)
        {
            using var kill = Process.Start("kill", ["-s", "KILL", .. left.Select(id => $"{id}")]);
            kill.WaitForExit();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private bool IsUp =>
        Output.Any(line => line.TrimStart().StartsWith("Kafka ", StringComparison.Ordinal))
        && Alive.SelectMany(Processes.CommandLine).Select(Path.GetFileName).ToHashSet() is var running
        && Expected.All(name => running.Contains(name) || running.Contains($"{name}.dll"));

    /// <summary>What <c>dotnet run</c> starts with the launch profile, on free ports.</summary>
    private ProcessStartInfo Command()
    {
        // As from a terminal: what a shell starts in the background ignores SIGINT, and so does all that it starts.
        string[] arguments =
        [
            "--default-signal=INT", "dotnet", "exec", typeof(Projects.EdgeCloud_AppHost).Assembly.Location,
            "--Containers=off", "--Kafka:Mode=Embedded", "--DcpPublisher:RandomizePorts=true",
        ];
        var start = new ProcessStartInfo("env", arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(Repository.Root, "EdgeCloud.AppHost"),
        };
        foreach (var (name, value) in ((string, string)[])
        [
            (Mark, _run),

            // An AppHost that is killed does not clear up.
            ("TMPDIR", _folder.Path),
            ("Edge__Events__OutboxPath", _folder.File("outbox.db")),
            ("DOTNET_ENVIRONMENT", "Development"),
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true"),
            ("ASPNETCORE_URLS", "http://localhost:0"),
            ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:0"),
            ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "http://localhost:0"),
        ])
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
