namespace EdgeCloud.Edge.Tracking;

/// <summary>Densities of normal distributions.</summary>
internal static class Gaussian
{
    /// <param name="distance">From the mean.</param>
    /// <param name="variance">Above 0.</param>
    public static double Density(double distance, double variance) =>
        Math.Exp(-distance * distance / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);

    /// <summary>In the plane, as wide in every direction.</summary>
    /// <param name="x">From the mean.</param>
    /// <param name="y">Likewise.</param>
    /// <param name="variance">Along any direction, above 0.</param>
    public static double Density(double x, double y, double variance) =>
        Math.Exp(-((x * x) + (y * y)) / (2 * variance)) / (2 * Math.PI * variance);
}
