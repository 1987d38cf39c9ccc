using System.Runtime.InteropServices;

namespace EdgeCloud.Cli.Commands;

/// <summary>
/// The first Ctrl+C or request to terminate, as a token for every command: what it started must not be left running,
/// and what it found is still to be told. The second ends the process as usual. System.CommandLine's own token is
/// cancelled by neither under .NET 10.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    }

    public CancellationToken Token => _ended.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _ended.Dispose();
    }

    private void End(PosixSignalContext signal)
    {
        if (_ended.IsCancellationRequested)
            return;
        signal.Cancel = true;
        _ended.Cancel();
    }
}
