using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>A started resource: its output goes to its log, its end is known by its exit code.</summary>
internal sealed class ChildProcess
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly LaunchPlan _plan;

    private ChildProcess(Process process, LaunchPlan plan, ResourceLog log)
    {
        (_process, _plan) = (process, plan);
        process.StandardInput.Close();
        Exited = WaitForExitAsync(ForwardAsync(process.StandardOutput, log), ForwardAsync(process.StandardError, log));
    }

    /// <summary>The exit code, once every line that the process wrote has been logged.</summary>
    public Task<int> Exited { get; }

    public bool StopRequested { get; private set; }

    /// <summary>It did not end when it was asked to.</summary>
    public bool Killed { get; private set; }

    public static async Task<ChildProcess> StartAsync(LaunchPlan plan, ResourceLog log) => new(await ProcessGuard.StartAsync(plan), plan, log);

    public async Task StopAsync(TimeSpan patience, CancellationToken killNow)
    {
        StopRequested = true;
        if (_process.HasExited) return;

        var asked = _plan.RequestStop?.Invoke(killNow) ?? Task.Run(() => ProcessGuard.Terminate(_process), CancellationToken.None);
        try
        {
            await asked;
            await Exited.WaitAsync(patience, killNow);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or DistributedApplicationException)
        {
            Killed = true;
            if (!_process.HasExited) ProcessGuard.Kill(_process);
            await Exited;
        }
    }

    private async Task<int> WaitForExitAsync(params Task[] output)
    {
        var id = _process.Id;
        await _process.WaitForExitAsync();
        ProcessGuard.KillLeftovers(id);
        // A grandchild that moved to a session of its own may hold the pipes open for ever.
        await Task.WhenAny(Task.WhenAll(output), Task.Delay(DrainTime));
        return _process.ExitCode;
    }

    private static async Task ForwardAsync(StreamReader reader, ResourceLog log)
    {
        while (await reader.ReadLineAsync() is { } line)
            log.Output(line);
    }
}
