using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Edge.Outbox;

/// <summary>
/// Whether the outbox file can be written, and whether Kafka takes what is in it. While not, the edge is degraded; once
/// the file itself is broken, it ends, for the next one to set the file aside.
/// </summary>
internal sealed partial class OutboxHealth(
    IHostApplicationLifetime lifetime, OutboxStore store, TimeProvider time, ILogger<OutboxHealth> logger)
    : IHealthCheck
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private long? _loggedAt;
    private volatile string? _problem;

    /// <returns>The problem, for those whose events were not stored.</returns>
    public string Failed(string path, SqliteException exception)
    {
        var problem = $"The outbox {path} cannot be written: {exception.Message}";
        _problem = problem;
        if (OutboxOpening.IsDamage(exception))
        {
            Log.Damaged(logger, path, exception.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        else if (_loggedAt is not { } before || time.GetElapsedTime(before) >= LogInterval)
        {
            Log.Problem(logger, path, exception.Message);
            _loggedAt = time.GetTimestamp();
        }

        return problem;
    }

    public void Recovered() => _problem = null;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _problem is { } problem ? HealthCheckResult.Degraded(problem)
        : store.SetAside is { Events: > 0 } aside ? HealthCheckResult.Degraded(
            $"Events set aside, since Kafka rejects them: {aside.Events}, {aside.Reasons}")
        : HealthCheckResult.Healthy());

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error, "The outbox {Path} cannot be written, and frames are rejected until it can: {Reason}")]
        public static partial void Problem(ILogger logger, string path, string reason);

        [LoggerMessage(
            2, LogLevel.Critical,
            "The outbox {Path} is damaged and the edge stops; the next one sets the file aside: {Reason}")]
        public static partial void Damaged(ILogger logger, string path, string reason);
    }
}
