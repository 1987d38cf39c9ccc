using System.Diagnostics;

namespace EdgeCloud.Tests.Overload;

/// <summary>The edge as a process of its own, so that its memory is nobody else's.</summary>
internal sealed class EdgeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private EdgeProcess(Process process, HttpClient client)
    {
        _process = process;
        Client = client;
    }

    public HttpClient Client { get; }

    /// <summary>The most memory that was ever resident.</summary>
    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<EdgeProcess> StartAsync(params IEnumerable<string> settings)
    {
        var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "EdgeCloud.Edge.dll"), "--urls=http://127.0.0.1:0", "--ConnectionStrings:kafka=127.0.0.1:1",
                "--Edge:Frames:FrameFile=", .. settings,
            ])
        { RedirectStandardOutput = true })!;
        const string Announcement = "Now listening on: ";
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The edge has ended at its start.");
        while (!line.Contains(Announcement, StringComparison.Ordinal));
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

        var address = line[(line.IndexOf(Announcement, StringComparison.Ordinal) + Announcement.Length)..];
        var edge = new EdgeProcess(process, new HttpClient { BaseAddress = new Uri(address) });
        await Eventually.HoldsAsync(async () => (await edge.Client.GetAsync("/health")).IsSuccessStatusCode, "the edge is ready");
        return edge;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
