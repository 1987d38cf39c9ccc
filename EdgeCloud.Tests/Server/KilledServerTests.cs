using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdgeCloud.Tests.Server;

public sealed class KilledServerTests
{
    private const int Devices = 12;

    [Fact]
    public async Task A_server_killed_in_the_middle_of_its_work_and_its_successor_count_every_event_once()
    {
        await using var scene = new ServerScene();
        long published = 0;
        using (var first = ServerProcess.Start(scene.BootstrapServers))
        {
            await first.AnswersAsync();
            while (await first.EventsAsync() < 200)
                await PublishAsync();
            first.Kill();
        }

        await PublishAsync();
        using var second = ServerProcess.Start(scene.BootstrapServers);
        await second.AnswersAsync();
        await PublishAsync();
        await second.Http.SeesAsync("events", published);
        await second.Http.SeesAsync("duplicates", published);
        await second.Http.SeesAsync("dead_letters", published / Devices);

        // Every event twice, as an edge does that was killed before it knew; and poison between.
        async Task PublishAsync()
        {
            var events = Enumerable.Range(0, Devices).Select(i => Events.Of($"edge-{i}", DateTimeOffset.UtcNow)).ToArray();
            await Task.WhenAll([.. events.Select(scene.PublishAsync), .. events.Select(scene.PublishAsync), scene.PublishAsync("not an event"u8.ToArray())]);
            published += Devices;
        }
    }

    /// <summary>A server as it runs in earnest, which can be killed.</summary>
    private sealed class ServerProcess : IDisposable
    {
        private readonly Process _process;

        private ServerProcess(Process process, Uri address)
        {
            _process = process;
            Http = new HttpClient { BaseAddress = address };
        }

        public HttpClient Http { get; }

        public static ServerProcess Start(string bootstrapServers)
        {
            var address = new Uri($"http://127.0.0.1:{FreePort()}");
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdgeCloud.Server.dll")]) { RedirectStandardOutput = true };
            start.Environment["ConnectionStrings__kafka"] = bootstrapServers;
            start.Environment["ASPNETCORE_URLS"] = address.ToString();
            var process = Process.Start(start)!;
            process.BeginOutputReadLine();
            return new ServerProcess(process, address);
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

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
