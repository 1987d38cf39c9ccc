using System.ComponentModel;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Live;

namespace EdgeCloud.Server.Api;

/// <summary>The answer of GET /stats.</summary>
internal sealed record ServerStats
{
    /// <summary>Distinct events, each counted once.</summary>
    public required long Events { get; init; }
    public required long Duplicates { get; init; }
    public required long DeadLetters { get; init; }

    /// <summary>The sum of persons_detected over the events.</summary>
    public required long Persons { get; init; }
    public required int Devices { get; init; }
    public required int DevicesOnline { get; init; }

    /// <summary>Whether all that Kafka retained when the partitions were assigned has been read.</summary>
    public required bool CaughtUp { get; init; }

    /// <summary>How far that has come; null when caught up.</summary>
    public required ReplayProgress? Replay { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    [Description("How far reading is behind Kafka")]
    public required LagStats Lag { get; init; }

    [Description("Percentiles, in milliseconds, of the time from capture to being visible here, over the events of the "
        + "last minute; null without any")]
    public required FreshnessPercentiles FreshnessMs { get; init; }

    [Description("New events per second, over the last ten seconds")]
    public required double EventsPerSecond { get; init; }

    [Description("The sum of persons_detected over the events of each of the last sixty minutes, oldest first")]
    public required long[] PersonsLastHour { get; init; }
}
