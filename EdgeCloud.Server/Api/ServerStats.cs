using System.ComponentModel;
using EdgeCloud.Server.Ingest;

namespace EdgeCloud.Server.Api;

/// <param name="Events">Distinct events, each counted once.</param>
/// <param name="Persons">The sum of persons_detected over them.</param>
/// <param name="CaughtUp">Whether all that Kafka retained when the partitions were assigned has been read.</param>
/// <param name="Replay">How far that has come; null when caught up.</param>
internal sealed record ServerStats(
    long Events, long Duplicates, long DeadLetters, long Persons, int Devices, int DevicesOnline, bool CaughtUp, ReplayProgress? Replay, DateTimeOffset StartedAt,
    [property: Description("How far reading is behind Kafka")] LagStats Lag,
    [property: Description("Percentiles, in milliseconds, of the time from capture to being visible here, over the events of the last minute; null without any")] FreshnessPercentiles FreshnessMs,
    [property: Description("New events per second, over the last ten seconds")] double EventsPerSecond,
    [property: Description("The sum of persons_detected over the events of each of the last sixty minutes, oldest first")] long[] PersonsLastHour);
