using System.Diagnostics;
using System.Globalization;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>carbon --minutes N</c>: what a camera costs with 1, 5 and 15 frames a second, with and without motion gate and
/// pacing: twelve edges, each a process of its own with a camera of its own that plays <see cref="RecordedScene"/>,
/// side by side, so that the machine's other work meets all alike.
/// </summary>
internal static class CarbonMeasurement
{
    private const double JoulesPerKwh = 3.6e6;

    /// <summary>Germany's yearly average, docs/carbon.md.</summary>
    private const double GramsPerKwh = 381;

    /// <summary>What the edge requests in the published manifests.</summary>
    private const double ReservedCpus = 0.1;
    private const long ReservedMemoryBytes = 256 << 20;

    public static async Task RunAsync(TimeSpan duration)
    {
        var scene = new RecordedScene(
            await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "astronaut.jpg")));
        using var broker = new EmbeddedBroker(6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        var folder = Directory.CreateTempSubdirectory("edgecloud-");
        List<MeasuredEdge> edges = [];
        try
        {
            foreach (var plan in from fps in (int[])[1, 5, 15]
                                 from gate in (bool[])[false, true]
                                 from pacing in (bool[])[false, true]
                                 select new CameraPlan(fps, gate, pacing))
                edges.Add(await MeasuredEdge.StartAsync(
                    plan, broker.BootstrapServers, Path.Combine(folder.FullName, $"{edges.Count}.db")));
            var persons = await edges[0].TruthAsync(scene);

            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(edges.Select(edge => edge.PlayAsync(scene, persons, started, duration)));
            Print(edges, duration);
        }
        finally
        {
            foreach (var edge in edges)
                await edge.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private static void Print(List<MeasuredEdge> edges, TimeSpan duration)
    {
        var options = new CarbonOptions();
        var processor = ProcessorPower.OfThisMachine(options);
        var heldWatts = (ReservedCpus * processor.IdleWatts.Mean)
            + (ReservedMemoryBytes / 1e9 * ReservedResources.MemoryWattsPerGigabyte);
        var (held, embodied) =
            (heldWatts * 3600 / JoulesPerKwh * GramsPerKwh, ReservedCpus * options.EmbodiedGramsPerCpuHour);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{duration.TotalMinutes:0.#} min, {GramsPerKwh} g/kWh, {processor.Family}, "
            + $"{processor.ActiveWatts.Mean:0.00} W active; held {ReservedCpus} threads and 256 MiB: "
            + $"{held:0.0000} g/h; embodied {embodied:0.0000} g/h"));
        Console.WriteLine("| FPS | gate | pacing | frames | models ran | J a frame | % of a core | g/h, frames | g/h, "
            + "all CPU time | g/h, with held and embodied | worst delay | wrong counts |");
        Console.WriteLine("|---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var edge in edges)
        {
            var hours = duration.TotalHours;
            var marginal = edge.Joules / JoulesPerKwh * GramsPerKwh / hours;
            var active = edge.CpuTime.TotalSeconds * processor.ActiveWatts.Mean / JoulesPerKwh * GramsPerKwh / hours;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {edge.Plan.FramesPerSecond} | {OnOff(edge.Plan.Gate)} | {OnOff(edge.Plan.Pacing)} | "
                + $"{edge.Frames} | {edge.Frames - edge.Unchanged} | {edge.Joules / edge.Frames:0.0000} "
                + $"| {edge.CpuTime / duration:0.0 %} | {marginal:0.0000} | {active:0.0000} | "
                + $"{active + held + embodied:0.0000} | {edge.WorstDelay.TotalSeconds:0.0} s | {edge.Wrong} |"));
        }

        static string OnOff(bool on) => on ? "on" : "off";
    }
}

/// <param name="FramesPerSecond">With a person in view, or unpaced.</param>
/// <param name="Gate">Whether the motion gate is on.</param>
/// <param name="Pacing">Whether the camera does as <c>next_frame_ms</c> says.</param>
internal sealed record CameraPlan(int FramesPerSecond, bool Gate, bool Pacing)
{
    public TimeSpan Interval => TimeSpan.FromSeconds(1) / FramesPerSecond;
}
