namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// One stream of pose estimation as in mediapipe/modules/pose_landmark/pose_landmark_cpu.pbtxt: the detector looks only
/// when there is no track. Unlike there, a frame in which a track is lost goes to the detector at once instead of the
/// next one (docs/adr/0005). Not thread-safe.
/// </summary>
/// <param name="detector">Of <see cref="DetectorModel.Pose"/>.</param>
/// <param name="landmarker">Of one of the <see cref="PoseModel"/>.</param>
/// <param name="tracks">Shared by all streams.</param>
/// <param name="lite">Of the lite model, for when energy is to be saved; null when there is no other.</param>
internal sealed class PoseEstimator(
    Detector detector, Landmarker landmarker, PoseTracks tracks, Landmarker? lite = null) : IDisposable
{
    private readonly Pose _pose = new();

    /// <param name="picture">Where to look.</param>
    /// <param name="deviceId">Whose frame it is.</param>
    /// <param name="accepted">When it was accepted, on a clock that never goes back.</param>
    /// <param name="saving">Whether the lite model is to do.</param>
    /// <param name="grid">What it shows, as <see cref="LumaGrid"/>, to tell another scene by.</param>
    /// <returns>The pose of one person, or null; valid until the next call.</returns>
    public Pose? Find(
        Picture picture, string deviceId, TimeSpan accepted, bool saving = false, ReadOnlySpan<byte> grid = default)
    {
        var model = saving ? lite ?? landmarker : landmarker;
        var track = tracks.Take(deviceId, accepted);
        if (track?.IsCut(grid) == true)
            track = null;
        _pose.IsTracked = track?.PictureSize == picture.Size && model.TryFind(picture, track.NextRegion, _pose);
        if (!_pose.IsTracked)
        {
            if (!TryDetect(picture, model))
                return null;
            track = new PoseTrack();
        }

        track!.Follow(_pose, picture.Size, accepted, grid);
        tracks.Keep(deviceId, track);
        return _pose;
    }

    /// <summary>Of a frame that shows the same as the last: the person is followed on from where it was.</summary>
    public void Confirm(string deviceId, TimeSpan accepted) => tracks.Confirm(deviceId, accepted);

    public void Dispose()
    {
        detector.Dispose();
        landmarker.Dispose();
        lite?.Dispose();
    }

    private bool TryDetect(Picture picture, Landmarker model)
    {
        var detections = detector.Detect(picture);
        if (detections.Count == 0)
            return false;

        var keypoints = detections[0].Keypoints;
        return model.TryFind(
            picture, RegionOfInterest.AroundPerson(keypoints[0] * picture.Size, keypoints[1] * picture.Size), _pose);
    }
}
