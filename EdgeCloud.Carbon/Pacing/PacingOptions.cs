using System.ComponentModel.DataAnnotations;

namespace EdgeCloud.Carbon.Pacing;

/// <summary>
/// Configuration section <c>Edge:Pacing</c>: what the edge does to spend less. The interval with a person in view and
/// nothing to save is <c>Edge:Frames:FrameInterval</c>.
/// </summary>
public sealed class PacingOptions : IValidatableObject
{
    public const string Section = "Edge:Pacing";

    private static readonly double[] DefaultThresholds = [500, 700, 900];

    /// <summary>
    /// From one frame to the next when nobody has been in view for <see cref="EmptyAfter"/>; who comes in is seen
    /// that much later at worst.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:00:00.010", "01:00:00",
        ErrorMessage = Section + ":EmptyInterval must lie between 00:00:00.010 and 01:00:00.")]
    public TimeSpan EmptyInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long nobody must have been in view, so that a face that is missed once changes nothing.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "1.00:00:00",
        ErrorMessage = Section + ":EmptyAfter must lie between 00:00:00 and 1.00:00:00.")]
    public TimeSpan EmptyAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>However much is to be saved, no longer than this from one frame to the next.</summary>
    [Range(
        typeof(TimeSpan), "00:00:00.010", "01:00:00",
        ErrorMessage = Section + ":MaxInterval must lie between 00:00:00.010 and 01:00:00.")]
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Carbon intensities in g/kWh, ascending: above each one, one step is saved more. A yearly average never counts,
    /// since it says nothing about now. Left out, 500, 700 and 900.
    /// </summary>
    public double[]? Thresholds { get; set; }

    /// <summary>Whether to save by the thresholds, as if the last were exceeded, or not at all.</summary>
    [EnumDataType(typeof(EcoMode), ErrorMessage = Section + ":Eco must be Auto, On or Off.")]
    public EcoMode Eco { get; set; }

    /// <summary>
    /// What the frames of one device may emit in an hour, g CO2e, marginal. Left out, there is no budget.
    /// </summary>
    [Range(1e-6, 1e6, ErrorMessage = Section + ":BudgetGramsPerHour must lie between 0.000001 and 1000000.")]
    public double? BudgetGramsPerHour { get; set; }

    /// <summary>
    /// How long a step that saves is kept at least, so that an intensity about a threshold does not make the
    /// pictures flicker between models.
    /// </summary>
    [Range(
        typeof(TimeSpan), "00:00:00", "1.00:00:00",
        ErrorMessage = Section + ":Dwell must lie between 00:00:00 and 1.00:00:00.")]
    public TimeSpan Dwell { get; set; } = TimeSpan.FromMinutes(5);

    internal IReadOnlyList<double> EffectiveThresholds => Thresholds ?? DefaultThresholds;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (EffectiveThresholds.Any(threshold => !double.IsFinite(threshold) || threshold <= 0)
            || EffectiveThresholds.Zip(EffectiveThresholds.Skip(1)).Any(pair => pair.First >= pair.Second))
            yield return new ValidationResult($"{Section}:Thresholds must be positive and ascending.");
    }
}

public enum EcoMode
{
    Auto,
    On,
    Off,
}
