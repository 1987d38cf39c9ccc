namespace EdgeCloud.Carbon.Pacing;

/// <summary>What the policy is told about one frame.</summary>
/// <param name="Now">On a clock that never goes back.</param>
/// <param name="IsPersonPresent">Whether a person was found in it.</param>
/// <param name="GramsPerKwh">The carbon intensity of this hour; null when nobody knows it.</param>
public readonly record struct PacingInput(TimeSpan Now, bool IsPersonPresent, double? GramsPerKwh);

/// <summary>What the policy remembers of a device.</summary>
/// <param name="Step">How many steps are being saved.</param>
/// <param name="SteppedAt">Since when; null when that was never changed.</param>
/// <param name="PersonAt">When a person was last in view; of a new device, when it was first heard of.</param>
public readonly record struct PacingState(int Step, TimeSpan? SteppedAt, TimeSpan PersonAt);

/// <param name="Interval">From this frame to the next.</param>
/// <param name="Model">Which of the models the next is looked at with: 0 the configured one, then
/// ever cheaper ones.</param>
public readonly record struct Pace(TimeSpan Interval, int Model);

/// <summary>
/// How often a device should send and how hard to look, from what is to be seen and what the electricity emits. Saving
/// goes step by step: first a cheaper model, as long as there is one, then the frame rate, halved with each step. Pure:
/// the same state and input always give the same answer.
/// </summary>
/// <param name="options">What to save at.</param>
/// <param name="frameInterval">With a person in view and nothing to save.</param>
/// <param name="models">How many models there are, the configured one, ever cheaper ones, and none at last.</param>
/// <param name="joulesPerFrame">What a frame costs with each, marginal.</param>
public sealed class PacingPolicy(
    PacingOptions options, TimeSpan frameInterval, int models, Func<int, double> joulesPerFrame)
{
    private const double JoulesPerKwh = 3.6e6;

    /// <summary>How far below a limit must lie what ends the saving for it.</summary>
    private const double Hysteresis = 0.9;

    private readonly TimeSpan _longest = options.MaxInterval > frameInterval ? options.MaxInterval : frameInterval;

    /// <summary>The step at which nothing more can be saved.</summary>
    public int LastStep
    {
        get
        {
            var step = models - 1;
            while (Present(step).Interval < _longest)
                step++;
            return step;
        }
    }

    public static PacingState Start(TimeSpan now) => new(0, null, now);

    public (Pace Pace, PacingState State) Next(PacingState state, PacingInput input)
    {
        var wanted = Wanted(input.GramsPerKwh, 1);

        // One limit to begin saving, a lower one to end it.
        var kept = Math.Min(state.Step, Wanted(input.GramsPerKwh, Hysteresis));
        var step = Math.Max(wanted, kept);
        if (step < state.Step && input.Now - state.SteppedAt < options.Dwell)
            step = state.Step;

        var next = new PacingState(
            step, step == state.Step ? state.SteppedAt : input.Now, input.IsPersonPresent ? input.Now : state.PersonAt);
        var pace = Present(step);
        return (input.Now - next.PersonAt <= options.EmptyAfter
            ? pace
            : pace with { Interval = Longer(pace.Interval, Shorter(options.EmptyInterval, _longest)) }, next);
    }

    /// <param name="gramsPerKwh">The carbon intensity.</param>
    /// <param name="tolerance">A factor to all limits.</param>
    private int Wanted(double? gramsPerKwh, double tolerance)
    {
        var thresholds = options.EffectiveThresholds;
        var byIntensity = options.Eco switch
        {
            EcoMode.On => thresholds.Count,
            EcoMode.Auto => thresholds.Count(threshold => gramsPerKwh > threshold * tolerance),
            _ => 0,
        };
        var last = LastStep;
        var byBudget = 0;
        if (options.BudgetGramsPerHour is { } budget && gramsPerKwh is { } grams)
        {
            while (byBudget < last && GramsPerHour(byBudget, grams) > budget * tolerance)
                byBudget++;
        }

        return Math.Min(last, Math.Max(byIntensity, byBudget));
    }

    private double GramsPerHour(int step, double gramsPerKwh)
    {
        var (interval, model) = Present(step);
        return TimeSpan.FromHours(1) / interval * joulesPerFrame(model) / JoulesPerKwh * gramsPerKwh;
    }

    /// <summary>With a person in view.</summary>
    private Pace Present(int step) => new(
        Shorter(frameInterval * Math.Pow(2, Math.Max(0, step - (models - 1))), _longest), Math.Min(step, models - 1));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
