using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdgeCloud.Bench;
using EdgeCloud.Edge.Inference;

if (args is ["replay", var events])
{
    await ReplayMeasurement.RunAsync(int.Parse(events, CultureInfo.InvariantCulture));
    return;
}

if (args is ["live", var devices, var framesPerSecond])
{
    await LivePageMeasurement.RunAsync(
        int.Parse(devices, CultureInfo.InvariantCulture), double.Parse(framesPerSecond, CultureInfo.InvariantCulture));
    return;
}

if (args is ["carbon", "--minutes", var minutes])
{
    await CarbonMeasurement.RunAsync(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
    return;
}

if (args is ["path", .. { Length: <= 1 } seconds])
{
    await PathMeasurement.RunAsync(TimeSpan.FromSeconds(
        seconds is [var given] ? double.Parse(given, CultureInfo.InvariantCulture) : 20));
    return;
}

if (args is ["memory", var pose, var playing])
{
    await MemoryMeasurement.RunAsync(
        Enum.Parse<PoseMode>(pose, ignoreCase: true),
        TimeSpan.FromMinutes(double.Parse(playing, CultureInfo.InvariantCulture)));
    return;
}

if (args is ["faces", .. { Length: <= 1 } folder])
{
    FaceMeasurement.Run(folder.SingleOrDefault());
    return;
}

// In this process: a generated project of its own would not know where the build gets its packages from.
var config =
    DefaultConfig.Instance.AddJob(Job.ShortRun.WithIterationCount(7).WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(StageBenchmarks).Assembly)
    .Run(args.Length > 0 ? args : ["--filter", "*"], config);
