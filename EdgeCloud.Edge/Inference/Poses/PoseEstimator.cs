namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// One stream of pose estimation as in mediapipe/modules/pose_landmark/pose_landmark_cpu.pbtxt: the detector looks only when there is no track.
/// Unlike there, a frame in which a track is lost goes to the detector at once instead of the next one (docs/adr/0005). Not thread-safe.
/// </summary>
/// <param name="detector">Of <see cref="DetectorModel.Pose"/>.</param>
/// <param name="landmarker">Of one of the <see cref="PoseModel"/>.</param>
/// <param name="tracks">Shared by all streams.</param>
internal sealed class PoseEstimator(Detector detector, Landmarker landmarker, PoseTracks tracks) : IDisposable
{
    private readonly Pose _pose = new();

    /// <param name="picture">Where to look.</param>
    /// <param name="deviceId">Whose frame it is.</param>
    /// <param name="accepted">When it was accepted, on a clock that never goes back.</param>
    /// <returns>The pose of one person, or null; valid until the next call.</returns>
    public Pose? Find(Picture picture, string deviceId, TimeSpan accepted)
    {
        var track = tracks.Take(deviceId, accepted);
        _pose.IsTracked = track?.PictureSize == picture.Size && landmarker.TryFind(picture, track.NextRegion, _pose);
        if (!_pose.IsTracked)
        {
            if (!TryDetect(picture))
                return null;
            track = new PoseTrack();
        }

        track!.Follow(_pose, picture.Size, accepted);
        tracks.Keep(deviceId, track);
        return _pose;
    }

    public void Dispose()
    {
        detector.Dispose();
        landmarker.Dispose();
    }

    private bool TryDetect(Picture picture)
    {
        var detections = detector.Detect(picture);
        if (detections.Count == 0)
            return false;

        var keypoints = detections[0].Keypoints;
        return landmarker.TryFind(picture, RegionOfInterest.AroundPerson(keypoints[0] * picture.Size, keypoints[1] * picture.Size), _pose);
    }
}
