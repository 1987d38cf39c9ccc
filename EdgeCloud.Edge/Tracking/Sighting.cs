using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Edge.Tracking;

/// <summary>A face of a frame, as tracks see it. Lengths are in heights of the picture.</summary>
/// <param name="X">The middle of the box.</param>
/// <param name="Y">Likewise.</param>
/// <param name="LogSize">The natural logarithm of the box's size, which is the root of its area.</param>
/// <param name="Score">The detector's.</param>
/// <param name="Index">Which face of the frame it is.</param>
internal readonly record struct Sighting(double X, double Y, double LogSize, double Score, int Index)
{
    private const double LeastSize = 0.001;

    public double Size => Math.Exp(LogSize);

    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(LogSize)
        && double.IsFinite(Score);

    /// <param name="face">Relative to the picture.</param>
    /// <param name="index">Which one it is.</param>
    /// <param name="aspect">The picture's width over its height.</param>
    public static Sighting Of(in Detection face, int index, double aspect)
    {
        var (middle, size) = ((face.Min + face.Max) / 2, face.Size);
        var area = Math.Max(0, size.X * aspect) * Math.Max(0, size.Y);
        return new Sighting(
            middle.X * aspect, middle.Y, Math.Log(Math.Max(LeastSize, Math.Sqrt(area))), face.Score, index);
    }

    /// <summary>By what is seen alone, so that it does not matter in which order faces come.</summary>
    public static int Compare(Sighting left, Sighting right) =>
        left.X != right.X ? left.X.CompareTo(right.X)
        : left.Y != right.Y ? left.Y.CompareTo(right.Y)
        : left.LogSize != right.LogSize ? left.LogSize.CompareTo(right.LogSize)
        : left.Score.CompareTo(right.Score);
}
