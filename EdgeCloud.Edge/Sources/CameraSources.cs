using EdgeCloud.Edge.Inference.Streams;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Edge.Sources;

/// <summary>
/// Runs every source beside the others, once the models are loaded. While one is away, the edge is degraded.
/// </summary>
internal sealed class CameraSources : BackgroundService, IHealthCheck
{
    private readonly CameraSource[] _sources;
    private readonly InferencePool _models;

    public CameraSources(
        IOptions<SourceList> options, SourceServices services, InferencePool models, ILogger<CameraSources> logger)
    {
        _models = models;
        _sources =
            [.. options.Value.Sources.Select((source, index) => new CameraSource(index, source, services, logger))];
        services.Metrics.ObserveUp(() => Statuses);
    }

    public SourceStatus[] Statuses => [.. _sources.Select(static source => source.Status)];

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Its reason stays while it is tried again.
        string[] away =
        [
            .. from status in Statuses
               where status.Reason is not null
               select $"{status.Device}: {status.Reason}",
        ];
        return Task.FromResult(away.Length > 0
            ? HealthCheckResult.Degraded($"Sources are away: {string.Join("; ", away)}")
            : HealthCheckResult.Healthy());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _models.Loaded.WaitAsync(stoppingToken);
        await Task.WhenAll(_sources.Select(source => source.RunAsync(stoppingToken)));
    }
}
