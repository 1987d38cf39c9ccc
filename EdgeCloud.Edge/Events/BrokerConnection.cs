using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Edge.Events;

/// <summary>Whether Kafka was there when last heard of. Its absence degrades the edge, which goes on looking at frames, but does not make it unready.</summary>
internal sealed class BrokerConnection : IHealthCheck
{
    private volatile string? _problem;

    /// <returns>True when the connection was up until now.</returns>
    public bool Lost(string problem) => Interlocked.Exchange(ref _problem, problem) is null;

    /// <returns>True when the connection was down until now.</returns>
    public bool Restored() => _problem is not null && Interlocked.Exchange(ref _problem, null) is not null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem ? HealthCheckResult.Degraded($"Kafka cannot be reached: {problem}") : HealthCheckResult.Healthy());
}
