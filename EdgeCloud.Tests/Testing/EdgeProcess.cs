using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// The edge as a process of its own, for faults that only a process can have, and so that its memory and its metrics
/// are nobody else's.
/// </summary>
internal sealed partial class EdgeProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: http://";

    private readonly ChildProcess _process;

    private EdgeProcess(ChildProcess process, string address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    public long ResidentBytes => _process.ResidentBytes;

    /// <summary>The most memory that was ever resident.</summary>
    public long PeakBytes => _process.PeakBytes;

    /// <summary>What it has written, line by line.</summary>
    public ConcurrentQueue<string> Output => _process.Output;

    /// <summary>
    /// An edge with its models loaded. It ignores SIGXFSZ, so that a limit on the size of its files looks to it like a
    /// disk that fails.
    /// </summary>
    public static async Task<EdgeProcess> StartAsync(
        string bootstrapServers, string outboxPath, params IEnumerable<string> settings)
    {
        var process = ChildProcess.Start(
        [
            "sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh",
            .. ChildProcess.Dotnet(
                "EdgeCloud.Edge", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:kafka={bootstrapServers}",
                $"--Edge:Events:OutboxPath={outboxPath}", "--Edge:Inference:Pose=Off", "--Edge:Frames:FrameFile=",
                "--Edge:Frames:MaxFramesPerSecond=100000", "--Edge:Inference:MaxWait=00:01:00",
                "--Edge:MotionGate:Enabled=false"),
            .. settings,
        ]);
        var edge = new EdgeProcess(process, (await process.LineAsync(Listening)).Split("on: ")[1]);
        await Eventually.HoldsAsync(
            async () => (await edge.Client.GetAsync("/health")).IsSuccessStatusCode, "the edge is ready");
        return edge;
    }

    /// <summary>Limits how large a file of the process may become, from now on; null lifts the limit.</summary>
    public Task LimitFileSizeAsync(long? bytes) => ChildProcess.SucceedAsync(
        ["prlimit", "--pid", $"{_process.Id}", bytes is null ? "--fsize=unlimited:" : $"--fsize={bytes}:"]);

    public Task OutboxIsEmptyAsync() => Eventually.HoldsAsync(
        async () => EmptyOutbox().IsMatch(await Client.GetStringAsync("/metrics")), "the outbox is empty");

    /// <summary>SIGKILL, with whatever it is doing unfinished.</summary>
    public ValueTask DisposeAsync()
    {
        _process.Dispose();
        Client.Dispose();
        return ValueTask.CompletedTask;
    }

    [GeneratedRegex("""(?m)^edgecloud_outbox_events\{.*\} 0\b""")]
    private static partial Regex EmptyOutbox();
}
