using System.Numerics;

namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// What is known of the person in front of one device from the frames before: where to look next, and the filters. Used
/// by one frame at a time (<see cref="PoseTracks"/>).
/// </summary>
internal sealed class PoseTrack
{
    private readonly LandmarkSmoother _landmarks = new(Pose.LandmarkCount, OneEuroSettings.Landmarks);
    private readonly LandmarkSmoother _auxiliaryLandmarks = new(2, OneEuroSettings.AuxiliaryLandmarks);
    private readonly LandmarkSmoother _worldLandmarks = new(Pose.LandmarkCount, OneEuroSettings.WorldLandmarks);

    /// <summary>
    /// Grey levels by which two pictures differ on average that are not of one scene. Two photos of different people
    /// differ by 57; somebody who fills a third of the picture and moves by their own width, by about 15.
    /// </summary>
    private const float CutDifference = 32;

    private readonly byte[] _grid = new byte[LumaGrid.Cells];
    private bool _hasGrid;

    /// <summary>When the last frame was accepted, looked at or found unchanged.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Of the last frame, pixels.</summary>
    public Vector2 PictureSize { get; private set; }

    /// <summary>Where to look in the next frame, pixels.</summary>
    public RegionOfInterest NextRegion { get; private set; }

    /// <param name="grid">Of the next frame, as <see cref="LumaGrid"/>; empty when that is not known.</param>
    /// <returns>Whether it shows another scene, so that nothing of this track is about it.</returns>
    public bool IsCut(ReadOnlySpan<byte> grid) =>
        _hasGrid && !grid.IsEmpty && LumaGrid.MeanDifference(_grid, grid) > CutDifference;

    /// <summary>Takes the next frame's pose in, and smooths it.</summary>
    public void Follow(Pose pose, Vector2 pictureSize, TimeSpan time, ReadOnlySpan<byte> grid = default)
    {
        grid.CopyTo(_grid);
        _hasGrid = !grid.IsEmpty;

        // The scale comes from the landmarks as they were before smoothing, the next region from the smooth ones.
        var auxiliary = pose.AuxiliaryLandmarks;
        var personSize = RegionOfInterest.PersonSize(PicturePoint(auxiliary[0]), PicturePoint(auxiliary[1]));
        _landmarks.Smooth(pose.Landmarks, time, personSize);
        _worldLandmarks.Smooth(pose.WorldLandmarks, time);
        _auxiliaryLandmarks.Smooth(auxiliary, time, personSize);

        NextRegion = RegionOfInterest.AroundPerson(PicturePoint(auxiliary[0]), PicturePoint(auxiliary[1]));
        PictureSize = pictureSize;
        Time = time;
    }

    /// <summary>
    /// A later frame shows the same. The filters are left alone: to them it is as if the next frame
    /// came after a longer time.
    /// </summary>
    public void Confirm(TimeSpan time) => Time = time;

    private static Vector2 PicturePoint(in Landmark landmark) =>
        new(landmark.PicturePosition.X, landmark.PicturePosition.Y);
}
