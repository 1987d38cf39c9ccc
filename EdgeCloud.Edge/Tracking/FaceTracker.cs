using System.Numerics;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Devices;
using EdgeCloud.Edge.Inference;

namespace EdgeCloud.Edge.Tracking;

/// <summary>
/// Follows faces from frame to frame: those of one person have the same id. Positions, sizes and times in memory only.
/// Bounded: with <see cref="Capacity"/> devices, a new one takes the place of the one with the earliest frame. Of
/// frames of one device that are looked at at once, each is followed when it is done; one that was overtaken is
/// assigned to the tracks as they were then, but moves none of them.
/// </summary>
internal sealed class FaceTracker
{
    public const int Capacity = 1024;

    private readonly Lock _lock = new();
    private readonly DeviceTable<DeviceTracks> _devices = new(Capacity, static device => device.Time);
    private readonly Workspace _work = new();

    /// <summary>Where a device begins: after all ids of those that were crowded out, of which it may be one.</summary>
    private long _firstId = 1;

    /// <param name="deviceId">Whose frame it is.</param>
    /// <param name="accepted">When it was accepted, on a clock that should never go back.</param>
    /// <param name="pictureSize">Pixels.</param>
    /// <param name="faces">What was found in it, relative to the picture.</param>
    /// <returns>
    /// The id of each face's track, from 1, never given again to another; null for what may well be no face, until it
    /// is seen again, and for all but the best <see cref="DeviceTracks.MaxTracks"/>.
    /// </returns>
    public long?[] Follow(
        string deviceId, TimeSpan accepted, Vector2 pictureSize, IReadOnlyList<Detection> faces)
    {
        lock (_lock)
        {
            if (!_devices.TryGet(deviceId, out var device))
            {
                if (faces.Count == 0)
                    return [];
                device = Add(deviceId);
            }

            var aspect = pictureSize.X / pictureSize.Y;
            Fill(faces, aspect);
            var ids = faces.Count == 0 ? [] : new long?[faces.Count];
            device.Follow(accepted, aspect, _work, ids);
            return ids;
        }
    }

    /// <summary>Keeps the tracks alive of a picture that has not changed since.</summary>
    /// <param name="deviceId">Whose frame it is.</param>
    /// <param name="accepted">When it was accepted.</param>
    /// <param name="faces">What was found in the picture, with the ids of then.</param>
    public void Confirm(string deviceId, TimeSpan accepted, IReadOnlyList<Face> faces)
    {
        lock (_lock)
        {
            if (_devices.TryGet(deviceId, out var device))
                device.Confirm(accepted, faces);
        }
    }

    private DeviceTracks Add(string deviceId)
    {
        if (_devices.IsFull)
            _firstId = Math.Max(_firstId, _devices.RemoveOldest().NextId);
        var device = new DeviceTracks(_firstId);
        _devices.Set(deviceId, device);
        return device;
    }

    private void Fill(IReadOnlyList<Detection> faces, double aspect)
    {
        var seen = _work.Faces;
        seen.Clear();
        for (var i = 0; i < faces.Count; i++)
        {
            var face = Sighting.Of(faces[i], i, aspect);
            if (face.IsFinite)
                seen.Add(face);
        }

        if (seen.Count > DeviceTracks.MaxTracks)
        {
            seen.Sort(static (left, right) => right.Score.CompareTo(left.Score));
            seen.RemoveRange(DeviceTracks.MaxTracks, seen.Count - DeviceTracks.MaxTracks);
        }

        seen.Sort(Sighting.Compare);
    }
}
