using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdgeCloud.Bench;
using EdgeCloud.Edge.Inference;

switch (args)
{
    case ["targets", var minutes]:
        FaceMeasurement.Run(folder: null);
        await PathMeasurement.RunAsync(TimeSpan.FromSeconds(20));
        await MemoryMeasurement.RunAsync(PoseMode.Lite, TimeSpan.FromMinutes(Number(minutes)));
        break;
    case ["faces", .. { Length: <= 1 } folder]:
        FaceMeasurement.Run(folder.SingleOrDefault());
        break;
    case ["tiles", var pictures, .. { Length: <= 1 } drawn]:
        TileMeasurement.Run(pictures, drawn.SingleOrDefault());
        break;
    case ["path", .. { Length: <= 1 } seconds]:
        await PathMeasurement.RunAsync(TimeSpan.FromSeconds(seconds is [var given] ? Number(given) : 20));
        break;
    case ["memory", var pose, var minutes]:
        await MemoryMeasurement.RunAsync(
            Enum.Parse<PoseMode>(pose, ignoreCase: true), TimeSpan.FromMinutes(Number(minutes)));
        break;
    case ["carbon", "--minutes", var minutes]:
        await CarbonMeasurement.RunAsync(TimeSpan.FromMinutes(Number(minutes)));
        break;
    case ["replay", var events, .. { Length: <= 3 } more]:
        await ReplayMeasurement.RunAsync(
            (int)Number(events), more is [var count, ..] ? (int)Number(count) : 60, more.ElementAtOrDefault(1),
            more.ElementAtOrDefault(2));
        break;
    case ["history", .. { Length: <= 1 } connection]:
        await HistoryMeasurement.RunAsync(connection.SingleOrDefault());
        break;
    case ["live", var devices, var framesPerSecond]:
        await LivePageMeasurement.RunAsync((int)Number(devices), Number(framesPerSecond));
        break;
    default:
        // In this process: a generated project of its own would not know where the build gets its packages from.
        var config = DefaultConfig.Instance.AddJob(
            Job.ShortRun.WithIterationCount(7).WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(StageBenchmarks).Assembly)
            .Run(args.Length > 0 ? args : ["--filter", "*"], config);
        break;
}

static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
