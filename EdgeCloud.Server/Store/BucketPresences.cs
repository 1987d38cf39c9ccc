using System.Data.Common;

namespace EdgeCloud.Server.Store;

/// <summary>
/// What there was of visits, zones and lines in the buckets of a history, which are asked for in their order: as they
/// are read, one bucket is held at a time.
/// </summary>
internal sealed class BucketPresences : IDisposable
{
    private readonly HistoryQuery _query;
    private readonly IEnumerator<Row> _rows;

    /// <summary>Of the bucket that was asked for last; under one key where devices are taken together.</summary>
    private readonly Dictionary<string, BucketPresence> _current = [];

    private DateTimeOffset? _start;
    private bool _hasRow;

    public BucketPresences(EventStore store, HistoryQuery query)
    {
        _query = query;
        _rows = store.Stream(
            $"""
             SELECT start, 0 AS kind, device_id, zone AS name, frames AS amount, persons AS other,
                 persons_max AS greatest, 0.0 AS dwell
             FROM zone_counts WHERE seconds = @seconds AND start >= @from AND start < @to {query.OfDevices}
             UNION ALL
             SELECT start, 1, device_id, line, forward, backward, 0, 0.0
             FROM line_counts WHERE seconds = @seconds AND start >= @from AND start < @to {query.OfDevices}
             UNION ALL
             SELECT started / 1000000, 2, device_id, '', 0, 0, 0, dwell
             FROM visits WHERE started >= @started AND started < @before {query.OfDevices}
             UNION ALL
             SELECT started / 1000000, 3, device_id, zone, 0, 0, 0, seconds
             FROM visits JOIN visit_zones ON visit_zones.presence_id = visits.presence_id
             WHERE started >= @started AND started < @before {query.OfDevices}
             ORDER BY 1
             """,
            ToRow,
            [
                .. query.Parameters,
                ("started", query.From.ToUnixMicroseconds()), ("before", query.To.ToUnixMicroseconds()),
            ]).GetEnumerator();
    }

    private enum Kind
    {
        Zone,
        Line,
        Visit,
        Stay,
    }

    public BucketPresence Of(HistoryBucket bucket)
    {
        if (bucket.Start != _start)
            MoveTo(bucket.Start);
        return _current.GetValueOrDefault(bucket.DeviceId ?? "", BucketPresence.None);
    }

    public void Dispose() => _rows.Dispose();

    private static Row ToRow(DbDataReader row) => new()
    {
        Start = row.GetWhole(0),
        Kind = (Kind)row.GetWhole(1),
        DeviceId = row.GetString(2),
        Name = row.GetString(3),
        Amount = row.GetWhole(4),
        Other = row.GetWhole(5),
        Greatest = (int)row.GetWhole(6),
        Dwell = row.GetDouble(7),
    };

    private void MoveTo(DateTimeOffset start)
    {
        _current.Clear();
        _hasRow = _start is null ? _rows.MoveNext() : _hasRow;
        _start = start;
        var end = HistoryQuery.Floor(start, _query.Bucket, _query.Zone, buckets: 1).ToUnixTimeSeconds();
        for (; _hasRow && _rows.Current.Start < end; _hasRow = _rows.MoveNext())
        {
            // What is before it is of a bucket without a frame.
            if (_rows.Current.Start >= start.ToUnixTimeSeconds())
                Add(_rows.Current);
        }
    }

    private void Add(in Row row)
    {
        var device = _query.ByDevice ? row.DeviceId : "";
        if (!_current.TryGetValue(device, out var presence))
            _current.Add(device, presence = new BucketPresence());
        if (row.Kind == Kind.Zone)
            presence.AddZone((row.DeviceId, row.Name), row.Amount, row.Other, row.Greatest);
        else if (row.Kind == Kind.Line)
            presence.AddLine((row.DeviceId, row.Name), row.Amount, row.Other);
        else if (row.Kind == Kind.Visit)
            presence.AddVisit(row.Dwell);
        else
            presence.AddStay((row.DeviceId, row.Name), row.Dwell);
    }

    private readonly record struct Row
    {
        public required long Start { get; init; }
        public required Kind Kind { get; init; }
        public required string DeviceId { get; init; }
        public required string Name { get; init; }

        /// <summary>Frames of a zone; forward crossings of a line.</summary>
        public required long Amount { get; init; }

        /// <summary>Persons of a zone; backward crossings of a line.</summary>
        public required long Other { get; init; }

        /// <summary>Persons of a zone.</summary>
        public required int Greatest { get; init; }

        public required double Dwell { get; init; }
    }
}

/// <summary>Who came in one bucket, and who was where.</summary>
internal sealed class BucketPresence
{
    public static readonly BucketPresence None = new();

    private readonly List<double> _dwells = [];
    private readonly Dictionary<(string Device, string Zone), (long Frames, long Persons, int PersonsMax)> _zones = [];
    private readonly Dictionary<(string Device, string Line), (long Forward, long Backward)> _lines = [];
    private readonly Dictionary<(string Device, string Zone), List<double>> _stays = [];

    /// <summary>That began in it.</summary>
    public int Visits => _dwells.Count;

    public IReadOnlyList<ZoneHistory> Zones => _zones.Count == 0 ? [] :
    [
        .. from zone in _zones
           orderby new PlaceKey(new(0, 0, zone.Key.Device), zone.Key.Zone)
           let sum = zone.Value
           select new ZoneHistory(
               zone.Key.Device, zone.Key.Zone, Math.Round((double)sum.Persons / sum.Frames, 4), sum.PersonsMax,
               Median(_stays.GetValueOrDefault(zone.Key) ?? [])),
    ];

    public IReadOnlyList<LineHistory> Crossings => _lines.Count == 0 ? [] :
    [
        .. from line in _lines
           orderby new PlaceKey(new(0, 0, line.Key.Device), line.Key.Line)
           select new LineHistory(line.Key.Device, line.Key.Line, line.Value.Forward, line.Value.Backward),
    ];

    public void AddVisit(double dwell) => _dwells.Add(dwell);

    public void AddZone((string Device, string Zone) zone, long frames, long persons, int personsMax)
    {
        var sum = _zones.GetValueOrDefault(zone);
        _zones[zone] = (sum.Frames + frames, sum.Persons + persons, Math.Max(sum.PersonsMax, personsMax));
    }

    public void AddStay((string Device, string Zone) zone, double seconds)
    {
        if (!_stays.TryGetValue(zone, out var stays))
            _stays.Add(zone, stays = []);
        stays.Add(seconds);
    }

    public void AddLine((string Device, string Line) line, long forward, long backward)
    {
        var sum = _lines.GetValueOrDefault(line);
        _lines[line] = (sum.Forward + forward, sum.Backward + backward);
    }

    /// <returns>Null when nobody came.</returns>
    public double? DwellMedian() => Median(_dwells);

    private static double? Median(List<double> seconds)
    {
        if (seconds.Count == 0)
            return null;
        seconds.Sort();
        return Math.Round((seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2, 3);
    }
}
