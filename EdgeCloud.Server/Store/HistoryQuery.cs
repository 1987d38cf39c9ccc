using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using EdgeCloud.Contract;

namespace EdgeCloud.Server.Store;

/// <summary>What is asked of the history: whole buckets of a time, of some devices.</summary>
internal sealed partial record HistoryQuery
{
    public const int MaxBuckets = 10_000;
    public const int MaxDevices = 100;
    public const string Buckets = "1m, 5m, 1h or 1d";

    /// <summary>How many a chart can show; the shortest bucket that makes no more is the default.</summary>
    private const int DefaultBuckets = 1500;

    private static readonly (string Name, TimeSpan Length)[] Lengths =
    [
        ("1m", TimeSpan.FromMinutes(1)), ("5m", TimeSpan.FromMinutes(5)), ("1h", TimeSpan.FromHours(1)),
        ("1d", TimeSpan.FromDays(1)),
    ];

    /// <summary>The beginning of the first bucket.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The end of the last bucket, which need not be over.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>What was asked for, of which the buckets are the whole.</summary>
    public required (DateTimeOffset From, DateTimeOffset To) Exactly { get; init; }

    public required string BucketName { get; init; }

    public required TimeSpan Bucket { get; init; }

    /// <summary>All when it is empty.</summary>
    public required IReadOnlyList<string> DeviceIds { get; init; }

    /// <summary>Whether each device has buckets of its own.</summary>
    public required bool ByDevice { get; init; }

    /// <summary>Whose days they are.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>SQL for what is of these devices, behind other conditions.</summary>
    public string OfDevices => DeviceIds.Count == 0
        ? ""
        : $"AND device_id IN ({string.Join(", ", DeviceIds.Select(static (_, i) => $"@device{i}"))})";

    /// <summary>Its devices.</summary>
    public IEnumerable<(string Name, object Value)> DeviceParameters =>
        DeviceIds.Select(static (device, i) => ($"device{i}", (object)device));

    /// <summary>Its devices, its times, and the seconds of what is counted that its buckets are made of.</summary>
    public IEnumerable<(string Name, object Value)> Parameters =>
    [
        ("seconds", Math.Min((int)Bucket.TotalSeconds, EventBatch.Hour)),
        ("from", From.ToUnixTimeSeconds()), ("to", To.ToUnixTimeSeconds()), .. DeviceParameters,
    ];

    /// <param name="parameters">As they were given; null for what was not.</param>
    /// <param name="now">What times are relative to.</param>
    /// <param name="minutesFor">How long minutes are kept.</param>
    /// <param name="query">When the result is true.</param>
    /// <param name="problem">What is wrong, and what to ask instead, when the result is false.</param>
    public static bool TryParse(
        HistoryParameters parameters, DateTimeOffset now, TimeSpan minutesFor,
        [NotNullWhen(true)] out HistoryQuery? query, [NotNullWhen(false)] out string? problem)
    {
        query = null;
        string[] devices = [.. parameters.DeviceIds.SelectMany(each => each.Split(',')).Distinct()];
        if (Array.Find(devices, static device => !DeviceId.IsValid(device)) is { } invalid)
            return Fail($"device_id must have {DeviceId.Rule}; several are given with commas.", out problem);
        if (devices.Length > MaxDevices)
            return Fail($"{devices.Length} devices; give {MaxDevices} at most, or none for all.", out problem);
        if (parameters.By is not (null or "device"))
            return Fail("by must be device, or left out.", out problem);
        if (!TryTime(parameters.To ?? "now", now, out var to, out var toOffset))
            return Fail(NoTime("to"), out problem);
        if (!TryTime(parameters.From ?? "-24h", now, out var from, out var fromOffset))
            return Fail(NoTime("from"), out problem);
        if (from >= to)
            return Fail($"from ({from.ToWireText()}) must be before to ({to.ToWireText()}).", out problem);
        if (!TryZone(parameters.TimeZone, fromOffset ?? toOffset ?? TimeSpan.Zero, out var zone))
            return Fail("time_zone must be one of the IANA database, such as Europe/Berlin.", out problem);

        var suits = Array.FindIndex(Lengths, each => parameters.Bucket is null
            ? (to - from) / each.Length <= DefaultBuckets && Keeps(each.Length)
            : each.Name == parameters.Bucket);
        if (suits < 0 && parameters.Bucket is not null)
            return Fail($"bucket must be {Buckets}.", out problem);
        var (name, length) = suits < 0 ? Lengths[^1] : Lengths[suits];

        if (!Keeps(length))
        {
            return Fail(
                $"Minutes are kept for {minutesFor.TotalDays.ToString(CultureInfo.InvariantCulture)} days; further "
                + "back ask for bucket=1h.", out problem);
        }

        if (length == Lengths[^1].Length && WholeHours(zone, from, to) is false)
        {
            return Fail(
                "Days are made of whole hours, which this time zone's are not; ask for bucket=1h.", out problem);
        }

        query = new HistoryQuery
        {
            From = Floor(from, length, zone),
            To = Floor(to.AddTicks(-1), length, zone, buckets: 1),
            Exactly = (TimeZoneInfo.ConvertTime(from, zone), TimeZoneInfo.ConvertTime(to, zone)),
            BucketName = name,
            Bucket = length,
            DeviceIds = devices,
            ByDevice = parameters.By is not null,
            Zone = zone,
        };
        var buckets = (query.To - query.From) / length;
        if (buckets > MaxBuckets)
        {
            var longer = Array.Find(Lengths, each => (to - from) / each.Length <= MaxBuckets).Name;
            var instead = longer is null ? "" : $"bucket={longer}, or ";
            return Fail(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Math.Ceiling(buckets):N0} buckets of {name}, {MaxBuckets:N0} at most; ask for {instead}"
                    + $"{MaxBuckets * length.TotalHours:#,0.#} hours."),
                out problem);
        }

        problem = null;
        return true;

        bool Keeps(TimeSpan bucket) =>
            bucket >= TimeSpan.FromHours(1) || from >= now - minutesFor - TimeSpan.FromHours(1);

        static string NoTime(string parameter) =>
            $"{parameter} must be a time of RFC 3339 (2026-11-28T14:00:00Z) or one before now (-90m, -24h, -7d).";

        static bool Fail(string text, out string problem)
        {
            problem = text;
            return false;
        }
    }

    /// <returns>The beginning of the bucket that a time is in, or of one so many after it.</returns>
    public static DateTimeOffset Floor(DateTimeOffset time, TimeSpan bucket, TimeZoneInfo zone, int buckets = 0)
    {
        if (bucket < TimeSpan.FromDays(1))
        {
            var ticks = time.UtcTicks - (time.UtcTicks % bucket.Ticks) + (buckets * bucket.Ticks);
            return TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), zone);
        }

        // A day begins an hour late where the clocks are put forward at midnight.
        var midnight = TimeZoneInfo.ConvertTime(time, zone).Date.AddDays(buckets);
        var begin = zone.IsInvalidTime(midnight) ? midnight.AddHours(1) : midnight;
        var offset = zone.IsAmbiguousTime(begin) ? zone.GetAmbiguousTimeOffsets(begin).Max() : zone.GetUtcOffset(begin);
        return new DateTimeOffset(begin, offset);
    }

    private static bool TryZone(string? name, TimeSpan offset, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = offset == TimeSpan.Zero
            ? TimeZoneInfo.Utc
            : TimeZoneInfo.CreateCustomTimeZone("offset", offset, null, null);
        return name is null || TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }

    private static bool WholeHours(TimeZoneInfo zone, params DateTimeOffset[] times) =>
        Array.TrueForAll(times, time => zone.GetUtcOffset(time).Minutes == 0);

    private static bool TryTime(string text, DateTimeOffset now, out DateTimeOffset time, out TimeSpan? offset)
    {
        (time, offset) = (now, null);
        if (text == "now")
            return true;
        if (Relative().Match(text) is { Success: true } relative)
        {
            var count = int.Parse(relative.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var unit = relative.Groups[2].Value switch
            {
                "m" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => TimeSpan.FromDays(1),
            };
            time = now - (count * unit);
            return true;
        }

        // A plus that was not escaped is a space by now.
        if (text.Length > 6 && text[^6] == ' ')
            text = $"{text[..^6]}+{text[^5..]}";
        if (!Iso8601.TryParse(text, out time) || time.Year is < 1970 or > 9000)
            return false;
        if (Offset().Match(text) is { Success: true, Value: var written })
        {
            var size = TimeSpan.ParseExact(written.AsSpan(1), "hh':'mm", CultureInfo.InvariantCulture);
            offset = written[0] == '-' ? -size : size;
            return size <= TimeSpan.FromHours(14);
        }

        return true;
    }

    [GeneratedRegex(@"^-([0-9]{1,5})([mhd])\z")]
    private static partial Regex Relative();

    [GeneratedRegex(@"[+-][0-9]{2}:[0-9]{2}\z")]
    private static partial Regex Offset();
}

/// <summary>The parameters of GET /history as they are written.</summary>
internal sealed record HistoryParameters(
    string[] DeviceIds, string? From = null, string? To = null, string? Bucket = null, string? By = null,
    string? TimeZone = null);
