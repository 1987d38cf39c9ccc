using EdgeCloud.Server.Ingest;

namespace EdgeCloud.Server.Api;

/// <param name="Events">Distinct events, each counted once.</param>
/// <param name="Persons">The sum of persons_detected over them.</param>
/// <param name="CaughtUp">Whether all that Kafka retained when the partitions were assigned has been read.</param>
/// <param name="Replay">How far that has come; null when caught up.</param>
internal sealed record ServerStats(
    long Events, long Duplicates, long DeadLetters, long Persons, int Devices, int DevicesOnline, bool CaughtUp, ReplayProgress? Replay, DateTimeOffset StartedAt);
