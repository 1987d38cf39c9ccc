using EdgeCloud.Carbon;
using EdgeCloud.Carbon.Pacing;

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

/// <param name="FrameInterval">With a person in view and nothing to save.</param>
/// <param name="Gate">Whether frames in which nothing has changed are spared the models. Somebody in view never
/// keeps still here.</param>
/// <param name="Paced">Whether it obeys the policy; otherwise the interval is always the same and
/// nothing is saved.</param>
internal sealed record SimulatedCamera(TimeSpan FrameInterval, bool Gate, bool Paced);

/// <summary>What a time came to.</summary>
/// <param name="Frames">How many were sent.</param>
/// <param name="Looks">On how many of them the models ran.</param>
/// <param name="MarginalJoules">Their energy beyond an idle machine.</param>
/// <param name="MarginalGrams">What that emitted.</param>
/// <param name="ReservedGrams">What holding processors and memory emitted.</param>
/// <param name="EmbodiedGrams">The time's part of making the machine.</param>
/// <param name="WorstDelay">The longest time between two frames, which is how long somebody who enters
/// may go unseen.</param>
internal sealed record SimulatedTime(
    long Frames, long Looks, double MarginalJoules, double MarginalGrams, double ReservedGrams,
    double EmbodiedGrams, TimeSpan WorstDelay)
{
    public double Grams => MarginalGrams + ReservedGrams + EmbodiedGrams;
}

/// <summary>One camera for a part of the day, frame by frame, by the same policy as the edge.</summary>
internal sealed class CarbonSimulation(SimulationPlan plan)
{
    private const double JoulesPerKwh = 3.6e6;

    /// <summary>The default of Edge:MotionGate:MaxConfirm.</summary>
    private static readonly TimeSpan MaxConfirm = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan FrameInterval = TimeSpan.FromSeconds(1);

    public SimulatedTime Fixed() =>
        Run(new SimulatedCamera(FrameInterval, Gate: false, Paced: false), TimeSpan.Zero, Day);

    public SimulatedTime Paced() =>
        Run(new SimulatedCamera(FrameInterval, Gate: false, Paced: true), TimeSpan.Zero, Day);

    /// <param name="camera">What sends.</param>
    /// <param name="from">Time of the day.</param>
    /// <param name="to">Time of the day.</param>
    public SimulatedTime Run(SimulatedCamera camera, TimeSpan from, TimeSpan to)
    {
        var policy = new PacingPolicy(plan.Pacing, camera.FrameInterval, plan.FrameCpu.Count, Joules);
        var state = PacingPolicy.Start(from);
        var pace = new Pace(camera.FrameInterval, 0);
        var (frames, looks, joules, grams) = (0L, 0L, 0.0, 0.0);
        var worst = TimeSpan.Zero;
        var (wasPresent, lookedAt) = (false, TimeSpan.MinValue);

        for (var now = from; now < to; now += pace.Interval)
        {
            var present = plan.Presence.Any(visit => visit.From <= now && now < visit.To);
            var looked = !camera.Gate
                || present || wasPresent || lookedAt == TimeSpan.MinValue || now - lookedAt >= MaxConfirm;
            if (looked)
            {
                looks++;
                lookedAt = now;
            }

            wasPresent = present;
            var spent =
                looked ? Joules(pace.Model) : plan.Processor.ActiveWatts.Mean * FrameCpuTime.Unchanged.TotalSeconds;
            frames++;
            joules += spent;
            grams += spent / JoulesPerKwh * plan.GramsPerKwh(now);
            if (camera.Paced)
                (pace, state) = policy.Next(state, new PacingInput(now, present, plan.GramsPerKwh(now)));
            worst = pace.Interval > worst ? pace.Interval : worst;
        }

        return new SimulatedTime(
            frames, looks, joules, grams, ReservedGrams(from, to),
            plan.EmbodiedGramsPerCpuHour * plan.ReservedCpus * (to - from).TotalHours, worst);
    }

    private double Joules(int model) => plan.Processor.ActiveWatts.Mean * plan.FrameCpu[model].TotalSeconds;

    private double ReservedGrams(TimeSpan from, TimeSpan to)
    {
        var watts = (plan.ReservedCpus * plan.Processor.IdleWatts.Mean)
            + (plan.ReservedGigabytes * ReservedResources.MemoryWattsPerGigabyte);
        return Enumerable.Range(0, (int)(to - from).TotalMinutes)
            .Sum(minute => watts * 60 / JoulesPerKwh * plan.GramsPerKwh(from + TimeSpan.FromMinutes(minute)));
    }
}
