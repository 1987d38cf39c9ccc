using System.Collections.Concurrent;
using System.Diagnostics;
using EdgeCloud.AppHost;

namespace EdgeCloud.Tests.Testing;

/// <summary>A server as it runs in earnest, which can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>What it has written, line by line.</summary>
    public ConcurrentQueue<string> Output { get; } = [];

    public static ServerProcess Start(string bootstrapServers, params IEnumerable<string> settings)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.FindFree()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdgeCloud.Server.dll"), .. settings]) { RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__kafka"] = bootstrapServers;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        var process = Process.Start(start)!;
        var server = new ServerProcess(process, address);
        process.OutputDataReceived += (_, written) =>
        {
            if (written.Data is { } line)
                server.Output.Enqueue(line);
        };
        process.BeginOutputReadLine();
        return server;
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
        await Eventually.HoldsAsync(async () => (await Http.GetAsync("/health")).IsSuccessStatusCode, "the server has caught up");
    }

    public async Task<long> EventsAsync() => (await Http.StatsAsync()).GetProperty("events").GetInt64();

    /// <summary>SIGKILL: nothing is flushed, closed or committed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        Http.Dispose();
    }
}
