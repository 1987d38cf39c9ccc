using System.ComponentModel;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Live;

namespace EdgeCloud.Server.Api;

[Description("The server's totals, and how well it keeps up.")]
internal sealed record ServerStats
{
    [Description("Distinct events, each counted once.")]
    public required long Events { get; init; }

    [Description("Events that came again and were not counted.")]
    public required long Duplicates { get; init; }

    [Description("Messages that are not events.")]
    public required long DeadLetters { get; init; }

    [Description("The sum of persons_detected over the events.")]
    public required long Persons { get; init; }

    [Description("Devices heard of.")]
    public required int Devices { get; init; }

    [Description("Those of them that are online.")]
    public required int DevicesOnline { get; init; }

    [Description("Whether all that Kafka retained when the partitions were assigned has been read.")]
    public required bool CaughtUp { get; init; }

    [Description("How far that has come; null when caught up.")]
    public required ReplayProgress? Replay { get; init; }

    [Description("When this server started.")]
    public required DateTimeOffset StartedAt { get; init; }

    [Description("How far reading is behind Kafka, by all servers that share the store")]
    public required LagStats Lag { get; init; }

    [Description("Percentiles, in milliseconds, of the time from capture to being visible here, over the events of the "
        + "last minute; null without any")]
    public required FreshnessPercentiles FreshnessMs { get; init; }

    [Description("New events per second, over the last ten seconds")]
    public required double EventsPerSecond { get; init; }

    [Description("The sum of persons_detected over the events of each of the last sixty minutes, oldest first")]
    public required long[] PersonsLastHour { get; init; }
}
