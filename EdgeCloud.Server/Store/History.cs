using System.ComponentModel;
using System.Data.Common;

namespace EdgeCloud.Server.Store;

/// <summary>What was counted, in buckets of time.</summary>
internal sealed class History(EventStore store)
{
    /// <summary>How long minutes are kept.</summary>
    public TimeSpan MinutesFor => store.MinutesFor;

    /// <returns>The buckets with a frame, the earliest first, and those of one time by their devices; nothing is read
    /// before the first is asked for.</returns>
    /// <exception cref="DbException">The engine is away.</exception>
    public IEnumerable<HistoryBucket> Read(HistoryQuery query)
    {
        var buckets = store.Stream(Sql(query), row => ToBucket(row, query), [.. query.Parameters]);
        return WithPresences(query.Bucket.TotalSeconds <= EventBatch.Hour ? buckets : Days(buckets, query), query);
    }

    private IEnumerable<HistoryBucket> WithPresences(IEnumerable<HistoryBucket> buckets, HistoryQuery query)
    {
        using var presences = new BucketPresences(store, query);
        foreach (var bucket in buckets)
            yield return bucket with { Presence = presences.Of(bucket) };
    }

    private static string Sql(HistoryQuery query)
    {
        var device = query.ByDevice ? ", device_id" : "";
        return $"""
            SELECT start, SUM(frames), SUM(unchanged), SUM(persons), MAX(persons_max),
                SUM(faces), SUM(poses), SUM(joules), SUM(grams), SUM(freshness_count), SUM(freshness_sum),
                MAX(freshness_max){device}
            FROM counts
            WHERE seconds = @seconds AND start >= @from AND start < @to {query.OfDevices}
            GROUP BY start{device} ORDER BY start{device}
            """;
    }

    private static HistoryBucket ToBucket(DbDataReader row, HistoryQuery query) => new()
    {
        Start = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(row.GetWhole(0)), query.Zone),
        DeviceId = query.ByDevice ? row.GetString(12) : null,
        Frames = row.GetWhole(1),
        Unchanged = row.GetWhole(2),
        Persons = row.GetWhole(3),
        PersonsMax = (int)row.GetWhole(4),
        Faces = row.GetWhole(5),
        Poses = row.GetWhole(6),
        Joules = row.GetDouble(7),
        Grams = row.GetDouble(8),
        FreshnessCount = row.GetWhole(9),
        FreshnessSum = row.GetDouble(10),
        FreshnessMax = row.GetDouble(11),
    };

    /// <summary>Adds hours up to days, which are 23 to 25 of them.</summary>
    private static IEnumerable<HistoryBucket> Days(IEnumerable<HistoryBucket> hours, HistoryQuery query)
    {
        SortedDictionary<string, HistoryBucket> day = new(StringComparer.Ordinal);
        foreach (var hour in hours)
        {
            var start = HistoryQuery.Floor(hour.Start, query.Bucket, query.Zone);
            if (day.Count > 0 && day.Values.First().Start != start)
            {
                foreach (var done in day.Values)
                    yield return done;
                day.Clear();
            }

            var device = hour.DeviceId ?? "";
            day[device] = day.TryGetValue(device, out var sum) ? sum.Add(hour) : hour with { Start = start };
        }

        foreach (var done in day.Values)
            yield return done;
    }
}

/// <summary>The sums of a bucket.</summary>
internal sealed record HistoryBucket
{
    public required DateTimeOffset Start { get; init; }

    /// <summary>Null where the devices are taken together.</summary>
    public required string? DeviceId { get; init; }

    public required long Frames { get; init; }
    public required long Unchanged { get; init; }
    public required long Persons { get; init; }
    public required int PersonsMax { get; init; }
    public required long Faces { get; init; }
    public required long Poses { get; init; }
    public required double Joules { get; init; }
    public required double Grams { get; init; }
    public required long FreshnessCount { get; init; }

    /// <summary>Seconds.</summary>
    public required double FreshnessSum { get; init; }

    /// <summary>Seconds.</summary>
    public required double FreshnessMax { get; init; }

    public BucketPresence Presence { get; init; } = BucketPresence.None;

    public HistoryBucket Add(HistoryBucket other) => this with
    {
        Frames = Frames + other.Frames,
        Unchanged = Unchanged + other.Unchanged,
        Persons = Persons + other.Persons,
        PersonsMax = Math.Max(PersonsMax, other.PersonsMax),
        Faces = Faces + other.Faces,
        Poses = Poses + other.Poses,
        Joules = Joules + other.Joules,
        Grams = Grams + other.Grams,
        FreshnessCount = FreshnessCount + other.FreshnessCount,
        FreshnessSum = FreshnessSum + other.FreshnessSum,
        FreshnessMax = Math.Max(FreshnessMax, other.FreshnessMax),
    };

    public HistoryItem ToItem() => new()
    {
        Start = Start,
        DeviceId = DeviceId,
        Frames = Frames,
        Unchanged = Unchanged,
        PersonsAverage = Math.Round((double)Persons / Frames, 4),
        PersonsMax = PersonsMax,
        Faces = Faces,
        Poses = Poses,
        Joules = Math.Round(Joules, 4),
        Grams = Math.Round(Grams, 9),
        FreshnessMsAverage = FreshnessCount == 0 ? null : Math.Round(FreshnessSum / FreshnessCount * 1000, 1),
        FreshnessMsMax = FreshnessCount == 0 ? null : Math.Round(FreshnessMax * 1000, 1),
        Visits = Presence.Visits,
        DwellSecondsMedian = Presence.DwellMedian(),
        Zones = Presence.Zones,
        Crossings = Presence.Crossings,
    };
}

[Description("What was counted in one bucket.")]
internal sealed record HistoryItem
{
    [Description("When the bucket begins.")]
    public required DateTimeOffset Start { get; init; }

    [Description("The device; null where they are taken together.")]
    public required string? DeviceId { get; init; }

    [Description("Distinct events, each of one frame.")]
    public required long Frames { get; init; }

    [Description("Those of them whose picture was not looked at, since it had not changed.")]
    public required long Unchanged { get; init; }

    [Description("persons_detected, on average over the frames.")]
    public required double PersonsAverage { get; init; }

    [Description("The highest persons_detected of a frame.")]
    public required int PersonsMax { get; init; }

    [Description("Faces, over all frames.")]
    public required long Faces { get; init; }

    [Description("Poses, over all frames.")]
    public required long Poses { get; init; }

    [Description("Energy of the frames, J.")]
    public required double Joules { get; init; }

    [Description("Emissions of that energy, g CO2e, at the carbon intensity when it was counted.")]
    public required double Grams { get; init; }

    [Description("From capture until Kafka's message was read, ms, on average; null when that is not known.")]
    public required double? FreshnessMsAverage { get; init; }

    [Description("The longest, ms.")]
    public required double? FreshnessMsMax { get; init; }

    [Description("Presences that began in it.")]
    public required int Visits { get; init; }

    [Description("How long they were there, as far as is known, s, the median; null when there are none.")]
    public required double? DwellSecondsMedian { get; init; }

    [Description("Who was in the zones, by device.")]
    public required IReadOnlyList<ZoneHistory> Zones { get; init; }

    [Description("How often the lines were crossed, by device; those of which none was are left out.")]
    public required IReadOnlyList<LineHistory> Crossings { get; init; }
}

[Description("Who was in one zone.")]
internal sealed record ZoneHistory(
    [property: Description("The device.")]
    string DeviceId,
    [property: Description("The name of the zone.")]
    string Zone,
    [property: Description("Persons in it, on average over the frames.")]
    double PersonsAverage,
    [property: Description("The most persons in it in one frame.")]
    int PersonsMax,
    [property: Description("How long each of the presences that began in the bucket was in it, s, the median; null "
        + "when none was.")]
    double? DwellSecondsMedian = null);

[Description("How often one line was crossed.")]
internal sealed record LineHistory(
    [property: Description("The device.")]
    string DeviceId,
    [property: Description("The name of the line.")]
    string Line,
    [property: Description("From left to right over a line that is drawn downwards.")]
    long Forward,
    [property: Description("The other way.")]
    long Backward);

[Description("What was counted, in buckets of time.")]
internal sealed record HistoryAnswer(
    [property: Description("The beginning of the first bucket.")]
    DateTimeOffset From,
    [property: Description("The end of the last one, which need not be over.")]
    DateTimeOffset To,
    [property: Description("How long they are.")]
    string Bucket,
    [property: Description("Those with a frame, the earliest first: where there were none, there is none.")]
    IReadOnlyList<HistoryItem> Buckets);
