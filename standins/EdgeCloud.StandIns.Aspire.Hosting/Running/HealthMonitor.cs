using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Asks every running resource for its health, often until it is healthy, and announces it ready the first time it is.</summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications, HealthCheckService health, IDistributedApplicationEventing eventing,
    ResourceOutput output, IServiceProvider services, TimeProvider? time = null) : BackgroundService
{
    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OnceHealthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceBeforeSayingWhy = TimeSpan.FromSeconds(10);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<IResource, CancellationTokenSource> _watched = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var update in notifications.WatchAsync(stoppingToken))
        {
            if (update.Snapshot.State?.Text != KnownResourceStates.Running)
            {
                if (_watched.TryRemove(update.Resource, out var ended)) await ended.CancelAsync();
            }
            else if (!_watched.ContainsKey(update.Resource))
            {
                var running = _watched[update.Resource] = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                _ = WatchAsync(update.Resource, running.Token);
            }
        }
    }

    private async Task WatchAsync(IResource resource, CancellationToken whileRunning)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).ToHashSet();
        var log = output.For(resource);
        var started = _time.GetTimestamp();
        var (announced, healthy, saidWhy) = (false, false, false);
        try
        {
            while (true)
            {
                var reports = await CheckAsync(keys, whileRunning);
                var nowHealthy = reports.All(report => report.Status == HealthStatus.Healthy);
                if (nowHealthy && !announced)
                {
                    announced = true;
                    await AnnounceAsync(resource, reports, whileRunning);
                    if (keys.Count > 0) log.Say($"is ready after {_time.GetElapsedTime(started).TotalSeconds:0.0} s");
                }
                else
                {
                    await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { HealthReports = reports });
                    if (nowHealthy && !healthy) log.Say("is healthy again");
                }

                if (!nowHealthy && (healthy || (!saidWhy && _time.GetElapsedTime(started) > PatienceBeforeSayingWhy)))
                {
                    saidWhy = true;
                    var why = string.Join("; ", reports.Select(report => report.Description ?? report.ExceptionText));
                    log.Complain($"{(announced ? "is no longer" : "is still not")} healthy: {why}");
                }

                healthy = nowHealthy;
                if (keys.Count == 0) return;
                await Task.Delay(nowHealthy ? OnceHealthy : WhileStarting, _time, whileRunning);
            }
        }
        catch (OperationCanceledException) when (whileRunning.IsCancellationRequested)
        {
            // The resource or the application ended.
        }
    }

    private async Task<ImmutableArray<HealthReportSnapshot>> CheckAsync(HashSet<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return [];

        var report = await health.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken);
        return
        [
            .. keys.Select(key => report.Entries.TryGetValue(key, out var entry)
                ? new HealthReportSnapshot(key, entry.Status, entry.Description, entry.Exception?.ToString())
                : new HealthReportSnapshot(key, HealthStatus.Unhealthy, $"no health check is registered as '{key}'", ExceptionText: null)),
        ];
    }

    private async Task AnnounceAsync(IResource resource, ImmutableArray<HealthReportSnapshot> reports, CancellationToken cancellationToken)
    {
        var ready = eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken);
        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { HealthReports = reports, Ready = ready });
        await ready.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ready.Exception is { } failure) output.For(resource).Complain($"a handler of {nameof(ResourceReadyEvent)} failed: {failure.InnerException}");
    }
}
