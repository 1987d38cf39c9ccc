namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// How strongly a <see cref="OneEuroFilter"/> smooths. Figures:
/// mediapipe/modules/pose_landmark/pose_landmark_filtering.pbtxt.
/// </summary>
/// <param name="MinCutoff">Of a value at rest, Hz.</param>
/// <param name="Beta">How the cutoff rises with the speed, Hz per unit of speed.</param>
/// <param name="DerivateCutoff">Of the speed itself, Hz.</param>
internal sealed record OneEuroSettings(double MinCutoff, double Beta, double DerivateCutoff)
{
    public static readonly OneEuroSettings Landmarks = new(0.05, 80, 1);
    public static readonly OneEuroSettings WorldLandmarks = new(0.1, 40, 1);

    /// <summary>Heavier, to hold the next frame's region still.</summary>
    public static readonly OneEuroSettings AuxiliaryLandmarks = new(0.01, 10, 1);
}

/// <summary>
/// Smooths one value: the slower it changes, the more (mediapipe/util/filtering/one_euro_filter.cc of v0.10.14; its mix
/// of float and double is kept, since the next region follows from it).
/// </summary>
internal struct OneEuroFilter
{
    private LowPassFilter _value;
    private LowPassFilter _speed;
    private float _lastRaw;

    /// <param name="settings">The same for every call.</param>
    /// <param name="value">The next value.</param>
    /// <param name="scale">Makes the speed independent of the size of what moves.</param>
    /// <param name="frequency">Of this value after the last one, Hz.</param>
    public float Next(OneEuroSettings settings, float value, float scale, double frequency)
    {
        var speed = _value.IsStarted ? ((double)value - _lastRaw) * scale * frequency : 0;
        var smoothSpeed = _speed.Next((float)speed, Alpha(settings.DerivateCutoff, frequency));
        _lastRaw = value;
        return _value.Next(value, Alpha(settings.MinCutoff + (settings.Beta * Math.Abs(smoothSpeed)), frequency));
    }

    private static float Alpha(double cutoff, double frequency) =>
        (float)(1 / (1 + (frequency / (2 * Math.PI * cutoff))));
}

/// <summary>
/// An exponential average; the first value is taken as it is (mediapipe/util/filtering/low_pass_filter.cc).
/// </summary>
internal struct LowPassFilter
{
    private float _last;

    public bool IsStarted { get; private set; }

    public float Next(float value, float alpha)
    {
        _last = IsStarted ? (float)((alpha * value) + ((1.0 - alpha) * _last)) : value;
        IsStarted = true;
        return _last;
    }
}
