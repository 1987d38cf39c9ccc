using EdgeCloud.Contract;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Edge.Presence;

/// <summary>Who is before one camera. Not thread-safe.</summary>
internal sealed class DeviceVisits(string deviceId)
{
    /// <summary>As many tracks as a device has.</summary>
    private const int MaxVisits = Tracking.DeviceTracks.MaxTracks;

    /// <summary>A track waits for its face a minute; it is over when it cannot come back.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(62);

    /// <summary>Who was just missed is still in a zone for so long, or for a frame where they come seldom.</summary>
    private static readonly TimeSpan Missed = TimeSpan.FromSeconds(3);

    private readonly List<Visit> _visits = new(2);
    private TimeSpan _interval;

    public string DeviceId => deviceId;

    public IReadOnlyList<Visit> Visits => _visits;

    public DeviceZones? Zones { get; private set; }

    /// <summary>Of the newest frame.</summary>
    public TimeSpan Time { get; private set; } = TimeSpan.MinValue;

    /// <param name="now">When the frame was accepted.</param>
    /// <param name="faces">Those with a track are persons.</param>
    /// <param name="poses">Whose feet may be shown.</param>
    /// <param name="scene">The zones and lines.</param>
    /// <param name="ended">Gets who has to make room.</param>
    public void See(
        in Moment now, IReadOnlyList<Face> faces, IReadOnlyList<PersonPose>? poses, in ZoneScene scene,
        Action<DeviceVisits, Visit> ended)
    {
        if (now.Monotonic > Time)
        {
            _interval = Time == TimeSpan.MinValue ? TimeSpan.Zero : now.Monotonic - Time;
            Time = now.Monotonic;
        }

        Adopt(scene.Device);
        var posed = faces.Count > 0 ? PersonPoint.OfPoses(poses, faces) : null;
        for (var i = 0; i < faces.Count; i++)
        {
            if (faces[i].TrackId is not { } trackId)
                continue;
            Point? feet = posed is { } pose && pose.Face == i ? pose.Feet : null;
            var visit = Find(trackId) ?? Begin(trackId, now, faces[i], feet, scene, ended);
            visit.See(now, faces[i], feet, scene);
        }
    }

    /// <returns>How many persons are in a zone.</returns>
    public int Persons(int zone, TimeSpan now)
    {
        var since = now - (_interval * 1.5 > Missed ? _interval * 1.5 : Missed);
        var persons = 0;
        foreach (var visit in _visits)
        {
            if (visit.Seen >= since && visit.IsIn(zone))
                persons++;
        }

        return persons;
    }

    /// <summary>Ends the visits of those who cannot come back any more, or all of them.</summary>
    /// <param name="now">The time.</param>
    /// <param name="all">Why they all end; null for those alone.</param>
    /// <param name="metrics">Count it.</param>
    /// <param name="ended">Gets them.</param>
    public void End(TimeSpan now, PresenceEnd? all, PresenceMetrics metrics, Action<DeviceVisits, Visit> ended)
    {
        for (var i = _visits.Count - 1; i >= 0; i--)
        {
            if (all is null && now - _visits[i].Seen <= Memory)
                continue;
            End(i, all ?? PresenceEnd.Left, new ZoneScene(Zones, 1, metrics, null), ended);
        }
    }

    private void Adopt(DeviceZones? zones)
    {
        if (ReferenceEquals(zones, Zones))
            return;
        foreach (var visit in _visits)
            visit.Adopt(zones);
        Zones = zones;
    }

    private Visit? Find(long trackId)
    {
        foreach (var visit in _visits)
        {
            if (visit.TrackId == trackId)
                return visit;
        }

        return null;
    }

    private Visit Begin(
        long trackId, in Moment now, Face face, Point? feet, in ZoneScene scene, Action<DeviceVisits, Visit> ended)
    {
        if (_visits.Count == MaxVisits)
        {
            var oldest = 0;
            for (var i = 1; i < _visits.Count; i++)
            {
                if (_visits[i].Seen < _visits[oldest].Seen)
                    oldest = i;
            }

            End(oldest, PresenceEnd.Left, scene, ended);
        }

        var visit = new Visit(trackId, now, face, feet);
        visit.Adopt(Zones);
        _visits.Add(visit);
        return visit;
    }

    private void End(int index, PresenceEnd reason, in ZoneScene scene, Action<DeviceVisits, Visit> ended)
    {
        var visit = _visits[index];
        _visits.RemoveAt(index);
        visit.Leave(scene);
        visit.End = reason;
        ended(this, visit);
    }
}
