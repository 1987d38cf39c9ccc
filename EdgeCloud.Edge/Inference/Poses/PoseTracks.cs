using EdgeCloud.Edge.Devices;

namespace EdgeCloud.Edge.Inference.Poses;

/// <summary>
/// The tracks of all devices, in memory only. A frame takes its device's track out and puts it back when
/// it is done: so a track is used by one frame at a time without waiting, and a frame that overtakes
/// another starts anew with the detector, which costs a few milliseconds and is right in any order.
/// Bounded: what is older than <paramref name="gap"/> is forgotten at the next frame of any device; with
/// <paramref name="maxTracks"/> kept, the oldest.
/// </summary>
/// <param name="gap">The longest time from one frame to the next that a track survives.</param>
/// <param name="maxTracks">The most devices at once.</param>
internal sealed class PoseTracks(TimeSpan gap, int maxTracks)
{
    private readonly Lock _lock = new();
    private readonly DeviceTable<PoseTrack> _tracks = new(maxTracks, static track => track.Time);

    public int Count
    {
        get
        {
            lock (_lock)
                return _tracks.Count;
        }
    }

    /// <returns>
    /// The track that a frame of this device may go on with, now the caller's own; null when the detector must look.
    /// </returns>
    public PoseTrack? Take(string deviceId, TimeSpan accepted)
    {
        lock (_lock)
        {
            _tracks.RemoveBefore(accepted - gap);
            if (!_tracks.TryGet(deviceId, out var track) || track.Time >= accepted)
                return null;
            _tracks.Remove(deviceId);
            return track;
        }
    }

    /// <summary>Keeps a track alive without looking, since the picture has not changed.</summary>
    public void Confirm(string deviceId, TimeSpan accepted)
    {
        if (Take(deviceId, accepted) is not { } track)
            return;
        track.Confirm(accepted);
        Keep(deviceId, track);
    }

    /// <summary>Puts a track back, unless a later frame has put its own there.</summary>
    public void Keep(string deviceId, PoseTrack track)
    {
        lock (_lock)
        {
            if (!_tracks.TryGet(deviceId, out var other) || other.Time < track.Time)
                _tracks.Set(deviceId, track);
        }
    }
}
