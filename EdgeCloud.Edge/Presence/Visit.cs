using EdgeCloud.Contract;
using EdgeCloud.Edge.Zones;

namespace EdgeCloud.Edge.Presence;

/// <summary>
/// One person before one camera, from the first sighting of a track to the last: where it was and when, and what it did
/// with zones and lines.
/// </summary>
/// <param name="trackId">Of the person's face.</param>
/// <param name="now">When it was first seen.</param>
/// <param name="first">Its face then.</param>
/// <param name="firstFeet">Its feet then; null when they are not shown.</param>
internal sealed class Visit(long trackId, in Moment now, Face first, Point? firstFeet)
{
    /// <summary>
    /// How far beyond a line one must be to be on its other side, and beyond a zone's border to be out of it, in
    /// heights of the face: who stands there moves by less. In the scenes of the tests the middle of a face that is
    /// still is off by 0.025 (standard deviation).
    /// </summary>
    private const double Hysteresis = 0.1;

    /// <summary>
    /// A person is where the feet are while they are shown most of the time: from 0.7 of it on, until it is less than
    /// 0.3, over some <see cref="FeetTime"/>. A pose shows feet in one frame and none in the next.
    /// </summary>
    private const double FeetShown = 0.7;

    private const double FeetHidden = 0.3;

    private static readonly TimeSpan FeetTime = TimeSpan.FromSeconds(2);

    private readonly DateTimeOffset _startedAt = now.Accepted;
    private readonly TimeSpan _started = now.Monotonic;
    private readonly Point _firstPoint = firstFeet ?? PersonPoint.OfFace(first);
    private DeviceZones? _places;
    private ZoneState[] _zones = [];
    private LineState[] _lines = [];
    private Point _point = firstFeet ?? PersonPoint.OfFace(first);
    private bool _isByFeet = firstFeet is not null;
    private double _feetShare = firstFeet is null ? 0 : 1;
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
    public void See(in Moment now, Face face, Point? feet, in ZoneScene scene)
    {
        _highestScore = Math.Max(_highestScore, face.Conf);
        if (now.Monotonic < Seen)
            return;
        var elapsed = now.Monotonic - Seen;
        (Seen, _seenAt) = (now.Monotonic, now.Accepted);
        DecideByFeet(feet is not null, elapsed);

        // Hidden feet are not where the face is: the person stays where it was.
        var middle = PersonPoint.OfFace(face);
        _point = !_isByFeet ? middle : feet ?? _point;
        if (scene.Device is not { } device)
            return;
        for (var i = 0; i < _zones.Length; i++)
            See(device.Zones[i], i, elapsed, Hysteresis * face.Height, scene);
        for (var i = 0; i < _lines.Length; i++)
            See(device.Lines[i], i, middle, feet, face.Height, scene);
    }

    /// <summary>The zones and lines are others than before: those of a name go on, as far as there are any.</summary>
    public void Adopt(DeviceZones? places)
    {
        var zones = new ZoneState[places?.Zones.Count ?? 0];
        for (var i = 0; i < zones.Length; i++)
        {
            var old = IndexOf(_places?.Zones, places!.Zones[i].Name, static zone => zone.Name);
            if (old >= 0)
                zones[i] = _zones[old];
        }

        var lines = new LineState[places?.Lines.Count ?? 0];
        for (var i = 0; i < lines.Length; i++)
        {
            var old = IndexOf(_places?.Lines, places!.Lines[i].Name, static line => line.Name);
            if (old >= 0)
                lines[i] = _lines[old] with { Face = default, Feet = default };
        }

        (_places, _zones, _lines) = (places, zones, lines);
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
    public PresenceEvent Tell(PresenceType type, string deviceId, DateTimeOffset now) => new()
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
        LastPoint = Rounded(_point),
        HighestScore = _highestScore,
        Zones = [.. _zones.Select((state, i) => (state, i)).Where(static zone => zone.state.Entries > 0).Select(zone =>
            new ZoneStay(_places!.Zones[zone.i].Name, Math.Round(zone.state.Seconds, 3), zone.state.Entries))],
        Crossings = [.. _lines.Select((state, i) => (state, i))
            .Where(static line => line.state.Forward + line.state.Backward > 0)
            .Select(line => new LineCount(_places!.Lines[line.i].Name, line.state.Forward, line.state.Backward))],
        Reason = type == PresenceType.Ended ? End : null,
    };

    private void See(Zone zone, int index, TimeSpan elapsed, double margin, in ZoneScene scene)
    {
        ref var state = ref _zones[index];
        var isIn = ZoneGeometry.Contains(zone.Points, _point)
            || (state.Inside && ZoneGeometry.DistanceToBorder(zone.Points, _point, scene.Aspect) <= margin);
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

    private void DecideByFeet(bool areShown, TimeSpan elapsed)
    {
        var weight = 1 - Math.Exp(-Math.Min(elapsed / FeetTime, 1));
        _feetShare += weight * ((areShown ? 1 : 0) - _feetShare);
        _isByFeet = _isByFeet ? _feetShare >= FeetHidden : _feetShare > FeetShown;
    }

    /// <summary>On which side face and feet are is noted of both; that by which the person is counts.</summary>
    private void See(Line line, int index, Point face, Point? feet, double faceHeight, in ZoneScene scene)
    {
        ref var state = ref _lines[index];
        var margin = (line.Hysteresis ?? Hysteresis) * faceHeight;
        var crossed = Settle(ref state.Face, line, face, margin, scene.Aspect);
        if (feet is { } shown)
        {
            var byFeet = Settle(ref state.Feet, line, shown, margin, scene.Aspect);
            crossed = _isByFeet ? byFeet : crossed;
        }
        else if (_isByFeet)
        {
            return;
        }

        if (crossed is not { } direction)
            return;
        if (direction == CrossingDirection.Forward)
            state.Forward++;
        else
            state.Backward++;
        scene.Crossed(index, direction, trackId);
    }

    /// <returns>Which way the line was crossed, between its ends; null when it was not.</returns>
    private static CrossingDirection? Settle(ref Settled settled, Line line, Point point, double margin, double aspect)
    {
        var distance = ZoneGeometry.SignedDistance(line.From, line.To, point, aspect);
        if (distance == 0 || Math.Abs(distance) < margin)
            return null;
        var (before, side) = (settled, (sbyte)Math.Sign(distance));
        settled = new Settled(side, point);
        return before.Side == 0 || before.Side == side
            || ZoneGeometry.CrossingAt(line.From, line.To, before.Point, point, aspect) is < 0 or > 1
                ? null
                : side < 0 ? CrossingDirection.Forward : CrossingDirection.Backward;
    }

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

    /// <summary>Where a point was last beyond a line: on side -1 or 1, or 0 when that is not known.</summary>
    private readonly record struct Settled(sbyte Side, Point Point);

    /// <summary>Of one line: where face and feet were, and how often it was crossed.</summary>
    private struct LineState
    {
        public Settled Face;
        public Settled Feet;
        public int Forward;
        public int Backward;
    }
}

/// <summary>When a frame was accepted, by the time of day and by a clock that never goes back.</summary>
internal readonly record struct Moment(DateTimeOffset Accepted, TimeSpan Monotonic);
