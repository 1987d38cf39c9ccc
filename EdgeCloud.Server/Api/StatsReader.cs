using System.Diagnostics;
using EdgeCloud.Contract;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Live;
using EdgeCloud.Server.Store;

namespace EdgeCloud.Server.Api;

/// <summary>Puts the server's numbers together.</summary>
internal sealed class StatsReader(
    DeviceRegistry registry, IngestProgress progress, GroupLag lag, RecentEvents recent, TimeProvider time)
{
    private static readonly DateTimeOffset StartedAt =
        new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUniversalTime().ToMicroseconds();

    public ServerStats Read() => Read(registry.Summaries());

    public LiveStatus ReadStatus()
    {
        var devices = registry.Summaries();
        return new LiveStatus(time.GetUtcNow(), Read(devices), devices);
    }

    private ServerStats Read(IReadOnlyList<DeviceSummary> devices)
    {
        var totals = registry.Totals();
        progress.TryGetReplay(out var replay);
        return new ServerStats
        {
            Events = totals.Events,
            Duplicates = totals.Duplicates,
            DeadLetters = totals.DeadLetters,
            Persons = totals.Persons,
            Devices = totals.Devices,
            DevicesOnline = devices.Count(device => device.Status == DeviceStatus.Online),
            CaughtUp = progress.CaughtUp,
            Replay = replay,
            StartedAt = StartedAt,
            Lag = lag.Total(),
            FreshnessMs = recent.Freshness(),
            EventsPerSecond = recent.EventsPerSecond,
            PersonsLastHour = registry.PersonsLastHour(),
        };
    }
}

/// <param name="At">The server's clock, by which the ages of what it says are told.</param>
internal sealed record LiveStatus(DateTimeOffset At, ServerStats Stats, IReadOnlyList<DeviceSummary> Devices);
