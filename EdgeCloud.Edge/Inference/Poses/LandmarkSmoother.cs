using System.Numerics;

namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// Smooths a set of landmarks from frame to frame (mediapipe/calculators/util/landmarks_smoothing_calculator_utils.cc
/// and visibility_smoothing_calculator.cc).
/// </summary>
internal sealed class LandmarkSmoother(int count, OneEuroSettings settings)
{
    /// <summary>low_pass_filter of pose_landmark_filtering.pbtxt.</summary>
    private const float VisibilityAlpha = 0.1f;

    /// <summary>min_allowed_object_scale, its default.</summary>
    private const float MinObjectScale = 1e-6f;

    private readonly OneEuroFilter[] _coordinates = new OneEuroFilter[3 * count];
    private readonly LowPassFilter[] _visibilities = new LowPassFilter[count];
    private TimeSpan? _last;

    /// <param name="landmarks">Are replaced by the smooth ones.</param>
    /// <param name="time">Later than at the last call; otherwise the positions are left as they are.</param>
    /// <param name="objectScale">The size of the person, in the landmarks' unit.</param>
    public void Smooth(Span<Landmark> landmarks, TimeSpan time, float objectScale)
    {
        for (var i = 0; i < landmarks.Length; i++)
            landmarks[i].Visibility = _visibilities[i].Next(landmarks[i].Visibility, VisibilityAlpha);
        if (objectScale < MinObjectScale || !TryAdvance(time, out var frequency))
            return;
        for (var i = 0; i < landmarks.Length; i++)
            landmarks[i].PicturePosition = Next(i, landmarks[i].PicturePosition, 1 / objectScale, frequency);
    }

    /// <summary>
    /// Likewise for positions in metres, whose scale does not depend on the person's size in the picture.
    /// </summary>
    public void Smooth(Span<Vector3> worldLandmarks, TimeSpan time)
    {
        if (!TryAdvance(time, out var frequency))
            return;
        for (var i = 0; i < worldLandmarks.Length; i++)
            worldLandmarks[i] = Next(i, worldLandmarks[i], 1, frequency);
    }

    private Vector3 Next(int index, Vector3 position, float scale, double frequency) => new(
        _coordinates[3 * index].Next(settings, position.X, scale, frequency),
        _coordinates[(3 * index) + 1].Next(settings, position.Y, scale, frequency),
        _coordinates[(3 * index) + 2].Next(settings, position.Z, scale, frequency));

    /// <summary>The first frequency is never used, since nothing has moved yet.</summary>
    private bool TryAdvance(TimeSpan time, out double frequency)
    {
        frequency = _last is { } last ? 1 / (time - last).TotalSeconds : 1;
        if (_last >= time)
            return false;
        _last = time;
        return true;
    }
}
