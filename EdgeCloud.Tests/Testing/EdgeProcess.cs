using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Testing;

/// <summary>The edge as a process of its own, for faults that only a process can have, and so that its memory and its metrics are nobody else's.</summary>
internal sealed partial class EdgeProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private readonly Process _process;
    private readonly Task _readToEnd;

    private EdgeProcess(Process process, HttpClient client)
    {
        _process = process;
        Client = client;
        _readToEnd = ReadToEndAsync();
    }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The most memory that was ever resident.</summary>
    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>What it has written since it listened, line by line.</summary>
    public ConcurrentQueue<string> Output { get; } = [];

    /// <summary>An edge with its models loaded. It ignores SIGXFSZ, so that a limit on the size of its files looks to it like a disk that fails.</summary>
    public static async Task<EdgeProcess> StartAsync(string bootstrapServers, string outboxPath, params IEnumerable<string> settings)
    {
        var edge = Path.Combine(AppContext.BaseDirectory, "EdgeCloud.Edge.dll");
        string[] arguments =
        [
            "dotnet", "exec", edge, "--urls=http://127.0.0.1:0", $"--ConnectionStrings:kafka={bootstrapServers}", $"--Edge:Events:OutboxPath={outboxPath}",
            "--Edge:Inference:Pose=Off", "--Edge:Frames:FrameFile=", "--Edge:Frames:MaxFramesPerSecond=100000", "--Edge:Inference:MaxWait=00:01:00",
            "--Edge:MotionGate:Enabled=false", .. settings,
        ];
        var process = Process.Start(new ProcessStartInfo("sh", ["-c", "trap '' XFSZ; exec \"$@\"", "sh", .. arguments]) { RedirectStandardOutput = true })!;
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync();
        while (line?.Contains(Listening, StringComparison.Ordinal) == false);

        Assert.True(line is not null, "The edge ended before it listened.");
        var client = new HttpClient { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]) };
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the edge is ready");
        return new EdgeProcess(process, client);
    }

    /// <summary>Limits how large a file of the process may become, from now on; null lifts the limit.</summary>
    public async Task LimitFileSizeAsync(long? bytes)
    {
        var limit = bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
        using var prlimit = Process.Start("prlimit", ["--pid", Id.ToString(CultureInfo.InvariantCulture), $"--fsize={limit}:"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }

    public Task OutboxIsEmptyAsync() => Eventually.HoldsAsync(
        async () => EmptyOutbox().IsMatch(await Client.GetStringAsync("/metrics")), "the outbox is empty");

    /// <summary>SIGKILL, with whatever it is doing unfinished.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _readToEnd;
        _process.Dispose();
        Client.Dispose();
    }

    [GeneratedRegex("""(?m)^edgecloud_outbox_events\{.*\} 0\b""")]
    private static partial Regex EmptyOutbox();

    private async Task ReadToEndAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            Output.Enqueue(line);
    }
}
