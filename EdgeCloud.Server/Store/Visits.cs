using System.ComponentModel;
using System.Data.Common;
using System.Text.Json;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Store;

/// <summary>Who was there.</summary>
internal sealed class Visits(EventStore store)
{
    private const string Overlapping = "started < @before AND last_seen >= @after";

    /// <summary>Of so many in the order of what is asked for, the one in the middle, or the two.</summary>
    private const string IsMedian = "place IN ((amount + 1) / 2, (amount + 2) / 2)";

    /// <summary>How long minutes are kept.</summary>
    public TimeSpan MinutesFor => store.MinutesFor;

    /// <param name="query">Its times as they were asked for; crossings are counted by its buckets.</param>
    /// <param name="limit">How many items at most.</param>
    /// <exception cref="DbException">The engine is away.</exception>
    public VisitsAnswer Read(HistoryQuery query, int limit)
    {
        (string Name, object Value)[] parameters =
        [
            ("after", query.Exactly.From.ToUnixMicroseconds()), ("before", query.Exactly.To.ToUnixMicroseconds()),
            .. query.DeviceParameters,
        ];
        var (visits, present, median) = ReadTotals(query, parameters);
        return new VisitsAnswer
        {
            From = query.Exactly.From,
            To = query.Exactly.To,
            Visits = visits,
            Present = present,
            DwellSecondsMedian = median,
            Zones = ReadZones(query, parameters),
            Crossings = ReadCrossings(query),
            Items = store.Read(
                $"""
                 SELECT presence_id, device_id, track_id, started, last_seen, ended, reason, dwell, score, first_x,
                     first_y, last_x, last_y, zones, crossings
                 FROM visits WHERE {Overlapping} {query.OfDevices}
                 ORDER BY started DESC, presence_id DESC LIMIT @limit
                 """,
                ToItem, [.. parameters, ("limit", limit)]),
        };
    }

    private (long Visits, long Present, double? Median) ReadTotals(
        HistoryQuery query, (string Name, object Value)[] parameters) => store.Read(
        $"""
         SELECT COALESCE(MAX(amount), 0), COALESCE(MAX(present), 0), AVG(dwell) FROM (
             SELECT dwell, COUNT(*) OVER () AS amount, SUM(1 - ended) OVER () AS present,
                 ROW_NUMBER() OVER (ORDER BY dwell) AS place
             FROM visits WHERE {Overlapping} {query.OfDevices}) ordered
         WHERE {IsMedian}
         """,
        static row => (row.GetWhole(0), row.GetWhole(1), row.IsDBNull(2) ? (double?)null : Round(row.GetDouble(2))),
        parameters).Single();

    private IReadOnlyList<ZoneVisits> ReadZones(
        HistoryQuery query, (string Name, object Value)[] parameters) => store.Read(
        $"""
         SELECT device_id, zone, MAX(amount), AVG(seconds) FROM (
             SELECT device_id, zone, seconds, COUNT(*) OVER (PARTITION BY device_id, zone) AS amount,
                 ROW_NUMBER() OVER (PARTITION BY device_id, zone ORDER BY seconds) AS place
             FROM visits JOIN visit_zones ON visit_zones.presence_id = visits.presence_id
             WHERE {Overlapping} {query.OfDevices}) ordered
         WHERE {IsMedian} GROUP BY device_id, zone ORDER BY device_id, zone
         """,
        static row => new ZoneVisits(row.GetString(0), row.GetString(1), row.GetWhole(2), Round(row.GetDouble(3))),
        parameters);

    private IReadOnlyList<LineHistory> ReadCrossings(HistoryQuery query) => store.Read(
        $"""
         SELECT device_id, line, SUM(forward), SUM(backward) FROM line_counts
         WHERE seconds = @seconds AND start >= @from AND start < @to {query.OfDevices}
         GROUP BY device_id, line ORDER BY device_id, line
         """,
        static row => new LineHistory(row.GetString(0), row.GetString(1), row.GetWhole(2), row.GetWhole(3)),
        [.. query.Parameters]);

    private static VisitItem ToItem(DbDataReader row) => new()
    {
        PresenceId = Guid.Parse(row.GetString(0)),
        DeviceId = row.GetString(1),
        TrackId = row.GetInt64(2),
        StartedAt = UnixTime.FromUnixMicroseconds(row.GetInt64(3)),
        LastSeenAt = UnixTime.FromUnixMicroseconds(row.GetInt64(4)),
        Ended = row.GetWhole(5) != 0,
        Reason = row.IsDBNull(6) ? null : row.GetString(6),
        DwellSeconds = Round(row.GetDouble(7)),
        HighestScore = row.GetDouble(8),
        FirstPoint = [row.GetDouble(9), row.GetDouble(10)],
        LastPoint = [row.GetDouble(11), row.GetDouble(12)],
        Zones = JsonSerializer.Deserialize<ZoneStay[]>(row.GetString(13), Visit.Json)!,
        Crossings = JsonSerializer.Deserialize<LineCount[]>(row.GetString(14), Visit.Json)!,
    };

    private static double Round(double seconds) => Math.Round(seconds, 3);
}

[Description("Who was there in a time.")]
internal sealed record VisitsAnswer
{
    [Description("The beginning of the time.")]
    public required DateTimeOffset From { get; init; }

    [Description("Its end.")]
    public required DateTimeOffset To { get; init; }

    [Description("How many were there in it, who had come before it or stayed on after it included.")]
    public required long Visits { get; init; }

    [Description("Those of them that have not ended.")]
    public required long Present { get; init; }

    [Description("How long they were there in all, as far as is known, s, the median; null when there are none.")]
    public required double? DwellSecondsMedian { get; init; }

    [Description("Those of them that were in a zone, by device.")]
    public required IReadOnlyList<ZoneVisits> Zones { get; init; }

    [Description("How often the lines were crossed, by device: in the whole minutes, or hours of a long time, that "
        + "history keeps.")]
    public required IReadOnlyList<LineHistory> Crossings { get; init; }

    [Description("The visits, the one that came last first, as many as limit says.")]
    public required IReadOnlyList<VisitItem> Items { get; init; }
}

[Description("Who was in one zone.")]
internal sealed record ZoneVisits(
    [property: Description("The device.")]
    string DeviceId,
    [property: Description("The name of the zone.")]
    string Zone,
    [property: Description("How many were in it.")]
    long Visits,
    [property: Description("How long each was in it, s, the median.")]
    double DwellSecondsMedian);

[Description("What is known of a presence.")]
internal sealed record VisitItem
{
    [Description("The presence.")]
    public required Guid PresenceId { get; init; }

    [Description("The device.")]
    public required string DeviceId { get; init; }

    [Description("The track of the person's face in the device's events.")]
    public required long TrackId { get; init; }

    [Description("When the person was first seen.")]
    public required DateTimeOffset StartedAt { get; init; }

    [Description("When the person was last seen; of one that has not ended, as of the last minute.")]
    public required DateTimeOffset LastSeenAt { get; init; }

    [Description("Whether it has ended.")]
    public required bool Ended { get; init; }

    [Description("Why it ended: left, stopped or lost; null while it has not.")]
    public required string? Reason { get; init; }

    [Description("From the first to the last sighting, s.")]
    public required double DwellSeconds { get; init; }

    [Description("The highest score of the face.")]
    public required double HighestScore { get; init; }

    [Description("Where the person was first seen, x and y relative to the frame.")]
    public required IReadOnlyList<double> FirstPoint { get; init; }

    [Description("Where the person was last seen.")]
    public required IReadOnlyList<double> LastPoint { get; init; }

    [Description("The zones that the person was in.")]
    public required IReadOnlyList<ZoneStay> Zones { get; init; }

    [Description("The lines that the person crossed.")]
    public required IReadOnlyList<LineCount> Crossings { get; init; }
}
