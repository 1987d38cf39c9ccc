using System.Runtime.InteropServices;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// The first Ctrl+C or request to terminate, as a token for every command: what it started must not be left running,
/// and what it found is still to be told. A command that needs longer than that is ended all the same, since not every
/// wait can be cancelled: opening a pipe, a native client. The second ends the process as usual. System.CommandLine's
/// own token is cancelled by neither under .NET 10.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3.5);

    private readonly CancellationTokenSource _ended = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly Timer _limit;
    private volatile int _exitCode;

    public Interruption()
    {
        _limit = new Timer(_ => Environment.Exit(_exitCode));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, 130));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, 143));
    }

    public CancellationToken Token => _ended.Token;

    /// <summary>As shells have it: 128 and the number of the signal.</summary>
    public int ExitCode => _exitCode;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _limit.Dispose();
        _ended.Dispose();
    }

    private void End(PosixSignalContext signal, int exitCode)
    {
        if (_ended.IsCancellationRequested)
            return;
        signal.Cancel = true;
        _exitCode = exitCode;
        _limit.Change(Grace, Timeout.InfiniteTimeSpan);
        _ended.Cancel();
    }
}
