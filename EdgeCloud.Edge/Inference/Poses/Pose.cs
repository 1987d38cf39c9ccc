using System.Numerics;

namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>What one run of the landmark model found. Reused from frame to frame.</summary>
internal sealed class Pose
{
    public const int LandmarkCount = 33;

    /// <summary>In MediaPipe's order: mediapipe/python/solutions/pose.py, PoseLandmark.</summary>
    public const int Nose = 0, LeftEye = 2, RightEye = 5, LeftEar = 7, RightEar = 8;

    private readonly Landmark[] _landmarks = new Landmark[LandmarkCount + 2];
    private readonly Vector3[] _worldLandmarks = new Vector3[LandmarkCount];

    /// <summary>The presence flag, 0..1.</summary>
    public float Confidence { get; set; }

    /// <summary>Whether the region came from the previous frame instead of the detector.</summary>
    public bool IsTracked { get; set; }

    public Span<Landmark> Landmarks => _landmarks.AsSpan(0, LandmarkCount);

    /// <summary>
    /// The two landmarks that give the next frame's region: the middle of the hips, and a point above the head on the
    /// circle around the whole person.
    /// </summary>
    public Span<Landmark> AuxiliaryLandmarks => _landmarks.AsSpan(LandmarkCount);

    public Span<Landmark> AllLandmarks => _landmarks;

    /// <summary>Metres from the middle of the hips, along the picture's axes.</summary>
    public Span<Vector3> WorldLandmarks => _worldLandmarks;
}

/// <param name="PicturePosition">Pixels of the picture; z, towards the background, on the scale of x.</param>
/// <param name="Visibility">The probability that it lies in the picture and is not hidden.</param>
/// <param name="Presence">The probability that it lies in the picture.</param>
internal record struct Landmark(Vector3 PicturePosition, float Visibility, float Presence);
