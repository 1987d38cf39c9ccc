using System.Collections.Concurrent;
using EdgeCloud.AppHost;

namespace EdgeCloud.Tests.Testing;

/// <summary>A server as it runs in earnest, which can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly ChildProcess _process;
    private readonly TemporaryFolder? _folder;

    private ServerProcess(ChildProcess process, Uri address, TemporaryFolder? folder)
    {
        (_process, _folder) = (process, folder);
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>What it has written, line by line.</summary>
    public ConcurrentQueue<string> Output => _process.Output;

    /// <summary>With a store of its own.</summary>
    public static ServerProcess Start(string bootstrapServers, params IEnumerable<string> settings) =>
        StartOn(null, bootstrapServers, settings);

    /// <param name="history">The connection string of its store; null for a file of its own.</param>
    /// <param name="bootstrapServers">Of Kafka.</param>
    /// <param name="settings">On its command line.</param>
    public static ServerProcess StartOn(
        string? history, string bootstrapServers, params IEnumerable<string> settings)
    {
        var folder = history is null ? new TemporaryFolder() : null;
        var address = new Uri($"http://127.0.0.1:{Ports.FindFree()}");
        var environment = new Dictionary<string, string?>
        {
            ["ConnectionStrings__kafka"] = bootstrapServers,
            ["ConnectionStrings__history"] = history ?? $"Data Source={folder!.File("history.db")}",
            ["ASPNETCORE_URLS"] = address.ToString(),
        };
        var process = ChildProcess.Start(ChildProcess.Dotnet("EdgeCloud.Server", settings), environment);
        return new ServerProcess(process, address, folder);
    }

    public Task AnswersAsync() => Eventually.HoldsAsync(
        async () =>
        {
            try
            {
                return (await Http.GetAsync("/alive")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        "the server answers");

    public async Task IsReadyAsync()
    {
        await AnswersAsync();
        await Eventually.HoldsAsync(
            async () => (await Http.GetAsync("/health")).IsSuccessStatusCode, "the server has caught up");
    }

    public async Task<long> EventsAsync() => (await Http.StatsAsync()).GetProperty("events").GetInt64();

    /// <summary>SIGTERM: it leaves its group.</summary>
    public async Task StopAsync()
    {
        await _process.SignalAsync("TERM");
        await _process.EndAsync();
    }

    /// <summary>SIGSTOP: it does nothing, and notices nothing, until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => _process.SignalAsync("STOP");

    public Task ThawAsync() => _process.SignalAsync("CONT");

    /// <summary>SIGKILL: nothing is flushed, closed or committed.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        Http.Dispose();
        _folder?.Dispose();
    }
}
