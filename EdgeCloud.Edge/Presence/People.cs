using EdgeCloud.Contract;
using EdgeCloud.Edge.Devices;
using EdgeCloud.Edge.Zones;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Presence;

/// <summary>
/// Who is before each camera, from the tracks of faces, and what is still to be told of them. Bounded: with
/// <see cref="Capacity"/> devices, the visits of the one with the earliest frame end when a new one comes. Thread-safe.
/// </summary>
internal sealed class People
{
    public const int Capacity = 1024;

    /// <summary>Over, and not told yet: more are there only while the outbox cannot be written.</summary>
    private const int MaxOver = 4096;

    private static readonly TimeSpan UpdateInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly DeviceTable<DeviceVisits> _devices = new(Capacity, static device => device.Time);
    private readonly Queue<(DeviceVisits Device, Visit Visit)> _over = [];
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly ZoneStore _zones;
    private readonly PresenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly bool _isTold;
    private readonly Action<DeviceVisits, Visit> _end;
    private bool _isStopped;

    public People(ZoneStore zones, PresenceMetrics metrics, TimeProvider time, IOptions<PresenceOptions> options)
    {
        (_zones, _metrics, _time, _isTold, _end) = (zones, metrics, time, options.Value.Enabled, End);
        metrics.Observe(Persons, () => zones.Map);
    }

    /// <summary>Takes note of a frame.</summary>
    /// <param name="deviceId">Whose it is.</param>
    /// <param name="now">When it was accepted.</param>
    /// <param name="aspect">Its picture's width over its height.</param>
    /// <param name="faces">With their tracks.</param>
    /// <param name="poses">Null where none are estimated.</param>
    /// <returns>What there is of the device's zones and lines; null where it has none.</returns>
    public ZoneFindings? See(
        string deviceId, in Moment now, double aspect, IReadOnlyList<Face> faces, IReadOnlyList<PersonPose>? poses)
    {
        var zones = _zones.Map.Find(deviceId);
        lock (_lock)
        {
            if (_isStopped)
                return null;
            if (!_devices.TryGet(deviceId, out var device))
            {
                if (zones is null && !faces.Any(static face => face.TrackId is not null))
                    return null;
                device = Add(deviceId);
            }

            if (zones is not null && !ReferenceEquals(zones, device.Zones))
                _metrics.Begin(zones);
            List<LineCrossing>? crossings = zones is { Lines.Count: > 0 } ? [] : null;
            var before = device.Visits.Count;
            device.See(now, faces, poses, new ZoneScene(zones, aspect, _metrics, crossings), _end);
            if (device.Visits.Count > before)
                Wake();
            if (zones is null)
                return null;
            var occupancy = new ZoneOccupancy[zones.Zones.Count];
            for (var i = 0; i < occupancy.Length; i++)
                occupancy[i] = new ZoneOccupancy(zones.Zones[i].Name, device.Persons(i, now.Monotonic));
            return new ZoneFindings { Occupancy = occupancy, Crossings = crossings ?? [] };
        }
    }

    /// <summary>Waits until there may be something new to tell.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _news.WaitAsync(cancellationToken);

    /// <summary>Lets go on who waits.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (_news.CurrentCount == 0)
                _news.Release();
        }
    }

    /// <summary>Everybody's visit ends, and no other begins: the edge stops.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            foreach (var device in _devices.All)
                device.End(default, PresenceEnd.Stopped, _metrics, _end);
        }
    }

    /// <summary>
    /// What is to be told now, at most so much at once. Nothing is told twice of a visit at a time: who asks again has
    /// called <see cref="Telling.Told"/> where it was kept.
    /// </summary>
    /// <param name="monotonic">The time on the clock of the frames.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<Telling> ToTell(TimeSpan monotonic, int limit)
    {
        List<Telling> tellings = [];
        lock (_lock)
        {
            foreach (var device in _devices.All)
                device.End(monotonic, null, _metrics, _end);
            if (!_isTold)
                return [];
            var now = _time.GetUtcNow().ToMicroseconds();
            foreach (var (device, visit) in _over)
            {
                if (tellings.Count < limit)
                    Add(device, visit, visit.Told is null ? PresenceType.Started : PresenceType.Ended);
            }

            foreach (var device in _devices.All)
            {
                foreach (var visit in device.Visits)
                {
                    if (tellings.Count == limit)
                        return tellings;
                    if (visit.Told is not { } told)
                        Add(device, visit, PresenceType.Started);
                    else if (monotonic - told.At >= UpdateInterval)
                        Add(device, visit, PresenceType.Updated);
                }
            }

            void Add(DeviceVisits device, Visit visit, PresenceType type) =>
                tellings.Add(new Telling(visit, visit.Tell(type, device.DeviceId, now)));
        }

        return tellings;
    }

    /// <summary>What was told is kept, so that it need not be told again.</summary>
    public void Told(IReadOnlyList<Telling> kept, TimeSpan monotonic)
    {
        lock (_lock)
        {
            foreach (var (visit, presence) in kept)
            {
                visit.Told = (presence.Type, monotonic);
                if (presence.Type == PresenceType.Started)
                    _metrics.Started();
                else if (presence.Type == PresenceType.Ended)
                    _metrics.Ended(visit.End!.Value, visit.Dwell);
            }

            for (var i = _over.Count; i > 0; i--)
            {
                var over = _over.Dequeue();
                if (over.Visit.Told is not { Type: PresenceType.Ended })
                    _over.Enqueue(over);
            }
        }
    }

    private DeviceVisits Add(string deviceId)
    {
        if (_devices.IsFull)
            _devices.RemoveOldest().End(default, PresenceEnd.Left, _metrics, _end);
        var device = new DeviceVisits(deviceId);
        _devices.Set(deviceId, device);
        return device;
    }

    private void End(DeviceVisits device, Visit visit)
    {
        if (!_isTold)
            return;

        // Of one that has been told and is crowded out here, the next start says that it was lost.
        if (_over.Count == MaxOver)
            _over.Dequeue();
        _over.Enqueue((device, visit));
        Wake();
    }

    private IEnumerable<(DeviceZones Device, Zone Zone, int Persons)> Persons()
    {
        var now = _time.GetElapsedTime(0);
        lock (_lock)
        {
            return [.. _zones.Map.Devices.SelectMany(zones => zones.Zones.Select((zone, i) => (
                zones, zone,
                _devices.TryGet(zones.DeviceId!, out var device) && ReferenceEquals(device.Zones, zones)
                    ? device.Persons(i, now) : 0)))];
        }
    }
}

/// <summary>Something to tell of a visit.</summary>
/// <param name="Visit">Whose.</param>
/// <param name="Presence">What.</param>
internal sealed record Telling(Visit Visit, PresenceEvent Presence);
