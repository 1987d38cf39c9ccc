using System.ComponentModel;

namespace EdgeCloud.Carbon;

[Description("A figure that is modelled: what it probably is, and between what it lies.")]
public readonly record struct Estimate(
    [property: Description("What nine of ten machines of the kind exceed.")]
    double Low,
    [property: Description("The mean over the machines of the kind.")]
    double Mean,
    [property: Description("What one of ten machines of the kind exceeds.")]
    double High)
{
    /// <summary>A figure that is known.</summary>
    public static Estimate Exactly(double value) => new(value, value, value);

    public static Estimate operator +(Estimate left, Estimate right) =>
        new(left.Low + right.Low, left.Mean + right.Mean, left.High + right.High);

    public static Estimate operator *(Estimate estimate, double factor) =>
        new(estimate.Low * factor, estimate.Mean * factor, estimate.High * factor);
}
