using EdgeCloud.ServiceDefaults.Carbon;
using EdgeCloud.ServiceDefaults.Pacing;

namespace EdgeCloud.Cli.Carbon;

/// <summary>What is simulated.</summary>
internal sealed record SimulationPlan
{
    public required PacingOptions Pacing { get; init; }

    /// <summary>CPU time of a frame with the configured model, ever cheaper ones, and none.</summary>
    public required IReadOnlyList<TimeSpan> FrameCpu { get; init; }

    /// <summary>Carbon intensity at a time of the day.</summary>
    public required Func<TimeSpan, double> GramsPerKwh { get; init; }

    /// <summary>When persons are in view.</summary>
    public required IReadOnlyList<(TimeSpan From, TimeSpan To)> Presence { get; init; }

    public required ProcessorPower Processor { get; init; }

    public required double ReservedCpus { get; init; }

    public required double ReservedGigabytes { get; init; }

    public required double EmbodiedGramsPerCpuHour { get; init; }
}

/// <summary>What a day came to.</summary>
/// <param name="Frames">How many were looked at.</param>
/// <param name="MarginalJoules">Their energy beyond an idle machine.</param>
/// <param name="MarginalGrams">What that emitted.</param>
/// <param name="ReservedGrams">What holding processors and memory emitted.</param>
/// <param name="EmbodiedGrams">The day's part of making the machine.</param>
/// <param name="WorstDelay">The longest time between two frames, which is how long somebody who enters may go unseen.</param>
internal sealed record SimulatedDay(long Frames, double MarginalJoules, double MarginalGrams, double ReservedGrams, double EmbodiedGrams, TimeSpan WorstDelay)
{
    public double Grams => MarginalGrams + ReservedGrams + EmbodiedGrams;
}

/// <summary>One camera for a day, frame by frame, by the same policy as the edge; or a frame every second with nothing saved.</summary>
internal sealed class CarbonSimulation(SimulationPlan plan)
{
    private const double JoulesPerKwh = 3.6e6;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan FrameInterval = TimeSpan.FromSeconds(1);

    public SimulatedDay Fixed() => Run((_, _) => new Pace(FrameInterval, 0));

    public SimulatedDay Paced()
    {
        var policy = new PacingPolicy(plan.Pacing, FrameInterval, plan.FrameCpu.Count, Joules);
        var state = PacingPolicy.Start(TimeSpan.Zero);
        return Run((now, present) =>
        {
            (var pace, state) = policy.Next(state, new PacingInput(now, present, plan.GramsPerKwh(now)));
            return pace;
        });
    }

    private SimulatedDay Run(Func<TimeSpan, bool, Pace> next)
    {
        var (frames, joules, grams, model) = (0L, 0.0, 0.0, 0);
        var worst = TimeSpan.Zero;

        for (var now = TimeSpan.Zero; now < Day;)
        {
            frames++;
            joules += Joules(model);
            grams += Joules(model) / JoulesPerKwh * plan.GramsPerKwh(now);
            var pace = next(now, plan.Presence.Any(visit => visit.From <= now && now < visit.To));
            model = pace.Model;
            worst = pace.Interval > worst ? pace.Interval : worst;
            now += pace.Interval;
        }

        return new SimulatedDay(frames, joules, grams, ReservedGrams(), plan.EmbodiedGramsPerCpuHour * plan.ReservedCpus * Day.TotalHours, worst);
    }

    private double Joules(int model) => plan.Processor.ActiveWatts.Mean * plan.FrameCpu[model].TotalSeconds;

    private double ReservedGrams()
    {
        var watts = (plan.ReservedCpus * plan.Processor.IdleWatts.Mean) + (plan.ReservedGigabytes * ReservedResources.MemoryWattsPerGigabyte);
        return Enumerable.Range(0, (int)Day.TotalMinutes).Sum(minute => watts * 60 / JoulesPerKwh * plan.GramsPerKwh(TimeSpan.FromMinutes(minute)));
    }
}
