using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Edge.Inference.Streams;

/// <summary>
/// Loads the models while the service already answers; /health turns ready when they are there, and a model that cannot
/// be loaded ends the service.
/// </summary>
internal sealed partial class ModelLoader(
    InferencePool pool, IHostApplicationLifetime lifetime, ILogger<ModelLoader> logger)
    : BackgroundService, IHealthCheck
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            pool.Load();
        }
        catch (ModelLoadException exception)
        {
            Log.ModelFailed(logger, exception.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }

        return Task.CompletedTask;
    }

    Task<HealthCheckResult> IHealthCheck.CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(pool.IsLoaded
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The models are not loaded yet."));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "{Reason}")]
        public static partial void ModelFailed(ILogger logger, string reason);
    }
}
