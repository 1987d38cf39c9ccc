using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeCloud.Bench;

/// <summary>A service in a process of its own, stopped at the end.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process, HttpClient http) => (_process, Http) = (process, http);

    public HttpClient Http { get; }

    public TimeSpan CpuTime => Refreshed().TotalProcessorTime;

    /// <summary>Million bytes.</summary>
    public long Resident => Refreshed().WorkingSet64 / 1_000_000;

    /// <summary>The most that was ever resident, million bytes.</summary>
    public long Peak => Refreshed().PeakWorkingSet64 / 1_000_000;

    /// <param name="assembly">The service's.</param>
    /// <param name="settings">By name.</param>
    /// <param name="written">Called with each line of its output.</param>
    /// <returns>When the service is ready.</returns>
    public static async Task<ServiceProcess> StartAsync(
        string assembly, IEnumerable<(string Name, string Value)> settings, Action<string>? written = null)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                [
                    Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"), $"--urls={address}",
                    .. settings.Select(setting => $"--{setting.Name}={setting.Value}"),
                ])
            {
                RedirectStandardOutput = true,
            },
        };
        process.OutputDataReceived += (_, line) => written?.Invoke(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        var service = new ServiceProcess(process, new HttpClient { BaseAddress = new Uri(address) });
        while (!await service.IsReadyAsync())
            await Task.Delay(50);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        // Not killed: a consumer that does not leave its group keeps the next one waiting for its session's end.
        using (var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await stop.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The service ended with {_process.ExitCode} before it was ready.");
        try
        {
            return (await Http.GetAsync("/health")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }
}
