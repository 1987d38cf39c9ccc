using System.ComponentModel;
using System.Data.Common;
using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Store;

/// <summary>
/// What the store says of devices and totals. A device silent for too long is not shown, and is as good as forgotten.
/// </summary>
/// <remarks>Every member throws a <see cref="DbException"/> while the engine is away.</remarks>
internal sealed class DeviceRegistry(EventStore store, IOptions<DeviceOptions> options, TimeProvider time)
{
    private const int MinutesOfAnHour = 60;

    private readonly DeviceOptions _options = options.Value;

    /// <summary>The earliest moment at which a device may have been heard of last.</summary>
    private long KnownSince => (time.GetUtcNow() - _options.ForgetAfter).ToUnixMicroseconds();

    /// <returns>At most <paramref name="limit"/> events, the latest first, as they came; those of one device, or of
    /// all.</returns>
    public IReadOnlyList<byte[]> Recent(string? deviceId, int limit)
    {
        var packets = store.Stream(
            $"""
             SELECT packets.last_number, packets.happened, packets.events, devices.events
             FROM packets JOIN devices ON devices.device_id = packets.device_id
             WHERE devices.heard >= @known AND packets.last_number > devices.events - @kept
                 {(deviceId is null ? "" : "AND packets.device_id = @device")}
             ORDER BY packets.happened DESC, packets.last_offset DESC
             """,
            static row => (
                Packet: new EventPacket(
                    row.GetInt64(0), UnixTime.FromUnixMicroseconds(row.GetInt64(1)), row.GetFieldValue<byte[]>(2)),
                Events: row.GetInt64(3)),
            [
                ("known", KnownSince), ("kept", _options.EventsPerDevice),
                .. deviceId is null ? [] : new[] { ("device", (object)deviceId) },
            ]);

        // Packets overlap: as many as can have one of the latest.
        List<RecentEvent> events = [];
        foreach (var (packet, count) in packets)
        {
            if (events.Count >= limit && events.Count(recent => recent.Time >= packet.Happened) >= limit)
                break;
            var kept = packet.Split(count - _options.EventsPerDevice + 1);
            kept.Reverse();
            events.AddRange(kept);
        }

        return [.. events.OrderByDescending(recent => recent.Time).Take(limit).Select(recent => recent.Json)];
    }

    public IReadOnlyList<DeviceSummary> Summaries()
    {
        var now = time.GetUtcNow();
        var devices = store.Read(
            """
            SELECT device_id, first_seen, last_seen, newest_persons, events, persons, frame_sequence, frame_width,
                frame_height, outbox_events
            FROM devices WHERE heard >= @known
            """,
            row => Summarize(row, now), ("known", KnownSince));
        return [.. devices.OrderBy(device => device.DeviceId, StringComparer.Ordinal)];
    }

    public RegistryTotals Totals() => store.Read(
        """
        SELECT COALESCE(SUM(events), 0), COALESCE(SUM(duplicates), 0), COALESCE(SUM(dead_letters), 0),
            COALESCE(SUM(persons), 0), (SELECT COUNT(*) FROM devices WHERE heard >= @known)
        FROM positions
        """,
        static row => new RegistryTotals(
            row.GetWhole(0), row.GetWhole(1), row.GetWhole(2), row.GetWhole(3), (int)row.GetWhole(4)),
        ("known", KnownSince))[0];

    /// <returns>The sum of persons_detected over the events of each of the last sixty minutes, the oldest
    /// first.</returns>
    public long[] PersonsLastHour()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var first = now - (now % EventBatch.Minute) - ((MinutesOfAnHour - 1) * EventBatch.Minute);
        var sums = new long[MinutesOfAnHour];
        var minutes = store.Read(
            "SELECT start, SUM(persons) FROM counts WHERE seconds = @seconds AND start >= @first AND start <= @now "
            + "GROUP BY start",
            static row => (Start: row.GetInt64(0), Persons: row.GetWhole(1)),
            ("seconds", EventBatch.Minute), ("first", first), ("now", now));
        foreach (var (start, persons) in minutes)
            sums[(start - first) / EventBatch.Minute] = persons;
        return sums;
    }

    private DeviceSummary Summarize(DbDataReader row, DateTimeOffset now)
    {
        var lastSeen = UnixTime.FromUnixMicroseconds(row.GetInt64(2));
        var age = now - lastSeen;
        return new DeviceSummary
        {
            DeviceId = row.GetString(0),
            Status = age <= _options.OnlineWithin ? DeviceStatus.Online
                : age <= _options.StaleWithin ? DeviceStatus.Stale : DeviceStatus.Offline,
            FirstSeen = UnixTime.FromUnixMicroseconds(row.GetInt64(1)),
            LastSeen = lastSeen,
            PersonsDetected = row.GetInt32(3),
            Events = row.GetInt64(4),
            Persons = row.GetInt64(5),
            Frame = row.IsDBNull(6) ? null : new FrameInfo(row.GetInt64(6), row.GetInt32(7), row.GetInt32(8)),
            OutboxEvents = row.IsDBNull(9) ? null : row.GetInt64(9),
        };
    }
}

/// <param name="Persons">The sum of persons_detected over all events.</param>
internal sealed record RegistryTotals(long Events, long Duplicates, long DeadLetters, long Persons, int Devices);

[Description("Whether the device is heard of: lately, a while ago, or no more.")]
internal enum DeviceStatus
{
    Online,
    Stale,
    Offline,
}

[Description("What is known of a device.")]
internal sealed record DeviceSummary
{
    [Description("The device.")]
    public required string DeviceId { get; init; }

    [Description("Whether it is heard of.")]
    public required DeviceStatus Status { get; init; }

    [Description("When its first event that was counted happened.")]
    public required DateTimeOffset FirstSeen { get; init; }

    [Description("When its newest event happened.")]
    public required DateTimeOffset LastSeen { get; init; }

    [Description("Persons in the newest frame.")]
    public required int PersonsDetected { get; init; }

    [Description("Distinct events.")]
    public required long Events { get; init; }

    [Description("The sum of persons_detected over the device's events.")]
    public required long Persons { get; init; }

    [Description("The newest frame's number and size.")]
    public required FrameInfo? Frame { get; init; }

    [Description("How many events its edge held that Kafka had not confirmed, when it stored the newest; null when it "
        + "did not say.")]
    public required long? OutboxEvents { get; init; }
}
