namespace EdgeCloud.Server.Api;

/// <param name="Events">Distinct events, each counted once.</param>
/// <param name="Persons">The sum of persons_detected over them.</param>
/// <param name="CaughtUp">Whether all that Kafka retained at the start has been read.</param>
internal sealed record ServerStats(
    long Events, long Duplicates, long DeadLetters, long Persons, int Devices, int DevicesOnline, bool CaughtUp, DateTimeOffset StartedAt);
