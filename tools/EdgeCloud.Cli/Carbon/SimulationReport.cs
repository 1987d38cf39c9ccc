using System.Globalization;
using System.Text;

namespace EdgeCloud.Cli.Carbon;

/// <summary>
/// A simulated day or an hour as a text: paced against one frame a second, and what would change more than pacing can.
/// </summary>
internal sealed class SimulationReport(SimulationPlan plan)
{
    private const int ManyCameras = 10;

    private static readonly string[] Columns =
    [
        "FPS", "gate", "pacing", "frames", "models ran", "J a frame", "% of a core", "g, frames", "g, reserved",
        "g, embodied", "g, all", "worst delay",
    ];

    private string Processor => FormattableString.Invariant(
        $"{plan.Processor.Family}, for each thread {plan.Processor.IdleWatts.Mean:0.00} W idle and ")
        + FormattableString.Invariant($"{plan.Processor.ActiveWatts.Mean:0.00} W more when busy");

    public string Text(string source)
    {
        var baseline = new CarbonSimulation(plan).Fixed();
        var paced = new CarbonSimulation(plan).Paced();
        var (perFrame, perFramePaced) = (1000 * baseline.Grams / baseline.Frames, 1000 * paced.Grams / paced.Frames);
        var (delay, delayPaced) = (baseline.WorstDelay.TotalSeconds, paced.WorstDelay.TotalSeconds);
        var frames = Share(baseline.MarginalGrams, baseline.Grams);
        var ofFrames = Share(baseline.MarginalGrams - paced.MarginalGrams, baseline.MarginalGrams);
        var ofAll = Share(baseline.Grams - paced.Grams, baseline.Grams);
        var (hour, hourPaced) = (baseline.Grams / 24, paced.Grams / 24);
        var (hourShared, hourHalf) = (PerCamera(baseline, ManyCameras) / 24, Half(baseline) / 24);
        return string.Create(CultureInfo.InvariantCulture, $"""
            Electricity  {source}
            Processor    {Processor}
            Reserved     hardware threads: {plan.ReservedCpus:0.##}; memory: {plan.ReservedGigabytes:0.##} GB
            Persons      in view {plan.Presence.Sum(visit => (visit.To - visit.From).TotalHours):0.0} h of the day

            {"",-28}{"one frame a second",20}{"paced",12}
            {"frames",-28}{baseline.Frames,20:N0}{paced.Frames,12:N0}
            {"marginal energy, J",-28}{baseline.MarginalJoules,20:N0}{paced.MarginalJoules,12:N0}
            {"g CO2e, frames (marginal)",-28}{baseline.MarginalGrams,20:0.000}{paced.MarginalGrams,12:0.000}
            {"g CO2e, reserved",-28}{baseline.ReservedGrams,20:0.000}{paced.ReservedGrams,12:0.000}
            {"g CO2e, embodied",-28}{baseline.EmbodiedGrams,20:0.000}{paced.EmbodiedGrams,12:0.000}
            {"g CO2e, all",-28}{baseline.Grams,20:0.000}{paced.Grams,12:0.000}
            {"mg CO2e a frame, all",-28}{perFrame,20:0.000}{perFramePaced,12:0.000}
            {"worst detection delay, s",-28}{delay,20:0.0}{delayPaced,12:0.0}

            The frames are {frames} of it; pacing saves {ofFrames} of that, {ofAll} of all.
            g CO2e of a camera's hour: {hour:0.0000} as it is, {hourPaced:0.0000} paced,
            {hourShared:0.0000} with {ManyCameras} cameras on the same machine,
            {hourHalf:0.0000} with half as much reserved.
            """);
    }

    /// <summary>One hour with 1, 5 and 15 frames a second, with and without motion gate and pacing.</summary>
    public string Hour(int hour, string source)
    {
        var simulation = new CarbonSimulation(plan);
        var (from, to) = (TimeSpan.FromHours(hour), TimeSpan.FromHours(hour + 1));
        var present = plan.Presence.Sum(visit => Math.Max(0, (Math.Min(visit.To.TotalMinutes, to.TotalMinutes)
            - Math.Max(visit.From.TotalMinutes, from.TotalMinutes))));
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"""
            Electricity  {source}
            Processor    {Processor}
            Reserved     hardware threads: {plan.ReservedCpus:0.##}; memory: {plan.ReservedGigabytes:0.##} GB
            Hour         {hour}:00, persons in view for {present:0} min of it

            | {string.Join(" | ", Columns)} |
            |---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """);
        foreach (var (framesPerSecond, gate, paced) in from fps in (int[])[1, 5, 15]
                                                       from gate in (bool[])[false, true]
                                                       from paced in (bool[])[false, true]
                                                       select (fps, gate, paced))
        {
            var camera =
                simulation.Run(new SimulatedCamera(TimeSpan.FromSeconds(1) / framesPerSecond, gate, paced), from, to);
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {framesPerSecond} | {(gate ? "on" : "off")} | {(paced ? "on" : "off")} | "
                + $"{camera.Frames} | {camera.Looks} | {camera.MarginalJoules / camera.Frames:0.0000} "
                + $"| {camera.MarginalJoules / plan.Processor.ActiveWatts.Mean / 3600:0.00 %} | "
                + $"{camera.MarginalGrams:0.0000} | {camera.ReservedGrams:0.0000} | {camera.EmbodiedGrams:0.0000} | "
                + $"{camera.Grams:0.0000} | {camera.WorstDelay.TotalSeconds:0.0} s |"));
        }

        return text.ToString();
    }

    private static string Share(double part, double whole) =>
        (part / whole).ToString("0.0 %", CultureInfo.InvariantCulture);

    private static double PerCamera(SimulatedTime day, int cameras) =>
        day.MarginalGrams + ((day.ReservedGrams + day.EmbodiedGrams) / cameras);

    private static double Half(SimulatedTime day) => day.MarginalGrams + ((day.ReservedGrams + day.EmbodiedGrams) / 2);
}
