using EdgeCloud.Contract;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Edge.Presence;

/// <summary>
/// One person before one camera, from the first sighting of a track to the last: where it was and when, and what it did
/// with zones and lines.
/// </summary>
/// <param name="trackId">Of the person's face.</param>
/// <param name="now">When it was first seen.</param>
/// <param name="point">Where it was first seen.</param>
internal sealed class Visit(long trackId, in Moment now, in PersonPoint point)
{
    /// <summary>
    /// How far beyond a line one must be to be on its other side, and beyond a zone's border to be out of it, in
    /// heights of the face: who stands there moves by less. In the scenes of the tests the middle of a face that is
    /// still is off by 0.025 (standard deviation).
    /// </summary>
    private const double Hysteresis = 0.1;

    /// <summary>How long the feet of a person may be hidden before the middle of the face takes their place.</summary>
    private static readonly TimeSpan FeetMemory = TimeSpan.FromSeconds(2);

    private readonly DateTimeOffset _startedAt = now.Accepted;
    private readonly TimeSpan _started = now.Monotonic;
    private readonly Point _firstPoint = point.Point;
    private ZoneState[] _zones = [];
    private LineState[] _lines = [];
    private PersonPoint _point = point;
    private TimeSpan _feetSeen = point.IsFeet ? now.Monotonic : TimeSpan.MinValue;
    private DateTimeOffset _seenAt = now.Accepted;
    private double _highestScore;

    public long TrackId => trackId;

    public Guid PresenceId { get; } = Guid.CreateVersion7(now.Accepted);

    /// <summary>When the person was last seen, on the clock that never goes back.</summary>
    public TimeSpan Seen { get; private set; } = now.Monotonic;

    public TimeSpan Dwell => Seen - _started;

    /// <summary>What has been told of it last, and when; null when nothing has.</summary>
    public (PresenceType Type, TimeSpan At)? Told { get; set; }

    /// <summary>Why it is over; null while it is not.</summary>
    public PresenceEnd? End { get; set; }

    public bool IsIn(int zone) => _zones[zone].Inside;

    /// <summary>The person is seen.</summary>
    /// <param name="now">When.</param>
    /// <param name="face">Its face.</param>
    /// <param name="feet">Where its feet are; null when they are not shown.</param>
    /// <param name="scene">The zones and lines, the same until <see cref="Adopt"/>.</param>
    public void See(in Moment now, Face face, in PersonPoint? feet, in ZoneScene scene)
    {
        _highestScore = Math.Max(_highestScore, face.Conf);
        if (now.Monotonic < Seen)
            return;
        var point = feet ?? PersonPoint.OfFace(face);
        if (feet is not null)
            _feetSeen = now.Monotonic;
        var elapsed = now.Monotonic - Seen;
        (Seen, _seenAt) = (now.Monotonic, now.Accepted);

        // Hidden feet are not where the face is: the person stays where it was.
        if (_point.IsFeet && !point.IsFeet && now.Monotonic - _feetSeen <= FeetMemory)
            point = _point;
        var isOther = _point.IsFeet != point.IsFeet;
        _point = point;
        if (scene.Device is not { } device)
            return;
        for (var i = 0; i < _zones.Length; i++)
            See(device.Zones[i], i, elapsed, Hysteresis * face.Height, scene);
        for (var i = 0; i < _lines.Length; i++)
            See(device.Lines[i], i, isOther, (device.Lines[i].Hysteresis ?? Hysteresis) * face.Height, scene);
    }

    /// <summary>The zones and lines are others than before: those of a name go on, as far as there are any.</summary>
    public void Adopt(DeviceZones? before, DeviceZones? after)
    {
        var zones = new ZoneState[after?.Zones.Count ?? 0];
        for (var i = 0; i < zones.Length; i++)
        {
            var old = IndexOf(before?.Zones, after!.Zones[i].Name, static zone => zone.Name);
            if (old >= 0)
                zones[i] = _zones[old];
        }

        var lines = new LineState[after?.Lines.Count ?? 0];
        for (var i = 0; i < lines.Length; i++)
        {
            var old = IndexOf(before?.Lines, after!.Lines[i].Name, static line => line.Name);
            if (old >= 0)
                lines[i] = _lines[old] with { Side = 0 };
        }

        (_zones, _lines) = (zones, lines);
    }

    /// <summary>The person is there no longer, so in no zone either.</summary>
    public void Leave(in ZoneScene scene)
    {
        for (var i = 0; i < _zones.Length; i++)
        {
            if (_zones[i].Inside)
                Leave(i, scene);
        }
    }

    /// <summary>What there is to tell of it.</summary>
    /// <param name="type">What is told.</param>
    /// <param name="deviceId">Of the camera.</param>
    /// <param name="now">When it is told.</param>
    /// <param name="zones">The zones and lines that it was last seen with.</param>
    public PresenceEvent Tell(PresenceType type, string deviceId, DateTimeOffset now, DeviceZones? zones) => new()
    {
        DeviceId = deviceId,
        Timestamp = now,
        Type = type,
        EventId = Guid.CreateVersion7(now),
        Schema = PresenceEvent.CurrentSchema,
        PresenceId = PresenceId,
        TrackId = trackId,
        StartedAt = _startedAt,
        LastSeenAt = _seenAt,
        DwellSeconds = Math.Round(Dwell.TotalSeconds, 3),
        FirstPoint = Rounded(_firstPoint),
        LastPoint = Rounded(_point.Point),
        HighestScore = _highestScore,
        Zones = [.. _zones.Select((state, i) => (state, i)).Where(static zone => zone.state.Entries > 0).Select(zone =>
            new ZoneStay(zones!.Zones[zone.i].Name, Math.Round(zone.state.Seconds, 3), zone.state.Entries))],
        Crossings = [.. _lines.Select((state, i) => (state, i))
            .Where(static line => line.state.Forward + line.state.Backward > 0)
            .Select(line => new LineCount(zones!.Lines[line.i].Name, line.state.Forward, line.state.Backward))],
        Reason = type == PresenceType.Ended ? End : null,
    };

    private void See(Zone zone, int index, TimeSpan elapsed, double margin, in ZoneScene scene)
    {
        ref var state = ref _zones[index];
        var isIn = ZoneGeometry.Contains(zone.Points, _point.Point)
            || (state.Inside && ZoneGeometry.DistanceToBorder(zone.Points, _point.Point, scene.Aspect) <= margin);
        if (isIn && state.Inside)
        {
            state.Seconds += elapsed.TotalSeconds;
            state.Stay += elapsed.TotalSeconds;
        }
        else if (isIn)
        {
            (state.Inside, state.Stay) = (true, 0);
            state.Entries++;
        }
        else if (state.Inside)
        {
            Leave(index, scene);
        }
    }

    private void Leave(int index, in ZoneScene scene)
    {
        ref var state = ref _zones[index];
        state.Inside = false;
        scene.Left(index, state.Stay);
    }

    private void See(Line line, int index, bool isOtherPoint, double margin, in ZoneScene scene)
    {
        ref var state = ref _lines[index];
        var distance = ZoneGeometry.SignedDistance(line.From, line.To, _point.Point, scene.Aspect);
        if (isOtherPoint)
            state.Side = 0;
        if (distance == 0 || Math.Abs(distance) < margin)
            return;
        var side = (sbyte)Math.Sign(distance);
        if (state.Side != 0 && state.Side != side && IsOverIt(line, state.Last, scene.Aspect))
        {
            var direction = side < 0 ? CrossingDirection.Forward : CrossingDirection.Backward;
            if (direction == CrossingDirection.Forward)
                state.Forward++;
            else
                state.Backward++;
            scene.Crossed(index, direction, trackId);
        }

        (state.Side, state.Last) = (side, _point.Point);
    }

    /// <summary>Whether the way from where the person was before goes over the line, not past its ends.</summary>
    private bool IsOverIt(Line line, Point before, double aspect) =>
        ZoneGeometry.CrossingAt(line.From, line.To, before, _point.Point, aspect) is >= 0 and <= 1;

    private static int IndexOf<T>(IReadOnlyList<T>? list, string name, Func<T, string> nameOf)
    {
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            if (nameOf(list![i]) == name)
                return i;
        }

        return -1;
    }

    private static Point Rounded(Point point) => new(Math.Round(point.X, 5), Math.Round(point.Y, 5));

    /// <summary>Of one zone: whether the person is in it, for how long this time and in all, how often.</summary>
    private record struct ZoneState(bool Inside, double Stay, double Seconds, int Entries);

    /// <summary>
    /// Of one line: on which side the person was last beyond it, -1 or 1, or 0 when that is not known; where that was;
    /// how often it was crossed.
    /// </summary>
    private record struct LineState(sbyte Side, Point Last, int Forward, int Backward);
}

/// <summary>When a frame was accepted, by the time of day and by a clock that never goes back.</summary>
internal readonly record struct Moment(DateTimeOffset Accepted, TimeSpan Monotonic);
