using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace EdgeCloud.Tests.StandIns.OnnxRuntime;

public sealed class TelemetryTests
{
    [StandInFact(typeof(InferenceSession))]
    public void The_native_library_does_not_gather_telemetry()
    {
        using var session = new InferenceSession(TinyModel.SumAndProduct);

        // The first thing that it does for it; a file from before this process is that of another with the same number.
        using var process = Process.GetCurrentProcess();
        var log = new FileInfo($"/tmp/mat-debug-{process.Id}.log");
        Assert.False(log.Exists && log.LastWriteTimeUtc >= process.StartTime.ToUniversalTime(), log.FullName);
    }
}
