namespace EdgeCloud.Carbon;

/// <summary>A figure that is modelled: what it probably is, and between what it lies.</summary>
/// <param name="Low">What nine of ten machines of the kind exceed.</param>
/// <param name="Mean">The mean over the machines of the kind.</param>
/// <param name="High">What one of ten machines of the kind exceeds.</param>
public readonly record struct Estimate(double Low, double Mean, double High)
{
    /// <summary>A figure that is known.</summary>
    public static Estimate Exactly(double value) => new(value, value, value);

    public static Estimate operator +(Estimate left, Estimate right) =>
        new(left.Low + right.Low, left.Mean + right.Mean, left.High + right.High);

    public static Estimate operator *(Estimate estimate, double factor) =>
        new(estimate.Low * factor, estimate.Mean * factor, estimate.High * factor);
}
