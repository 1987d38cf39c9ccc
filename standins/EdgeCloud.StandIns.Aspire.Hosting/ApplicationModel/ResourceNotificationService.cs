using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The newest snapshot of every resource, and whoever waits for one of them to change.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IResource, ResourceEvent> _current = [];
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly DistributedApplicationModel _model;
    private bool _disposed;

    internal ResourceNotificationService(DistributedApplicationModel model) => _model = model;

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_lock)
        {
            var previous = _current.GetValueOrDefault(resource)?.Snapshot
                ?? new CustomResourceSnapshot { ResourceType = resource.GetType().Name.Replace("Resource", ""), Properties = [] };
            var update = _current[resource] = new ResourceEvent(resource, resource.Name, stateFactory(previous));
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(update);
        }

        return Task.CompletedTask;
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
            resourceEvent = _current.Values.FirstOrDefault(current => string.Equals(current.ResourceId, resourceId, StringComparison.OrdinalIgnoreCase));

        return resourceEvent is not null;
    }

    /// <summary>The current state of every resource, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var current in _current.Values)
                channel.Writer.TryWrite(current);

            if (_disposed) channel.Writer.TryComplete();
            else _watchers.Add(channel);
        }

        try
        {
            await foreach (var update in channel.Reader.ReadAllAsync(cancellationToken))
                yield return update;
        }
        finally
        {
            lock (_lock) _watchers.Remove(channel);
        }
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var wanted = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(resourceName, update => update.Snapshot.State is { } state && wanted.Contains(state.Text), cancellationToken);
        return reached.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var update in WatchAsync(cancellationToken))
        {
            if (string.Equals(update.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(update)) return update;
        }

        throw new OperationCanceledException($"The application ended before the resource '{resourceName}' reached the state waited for.");
    }

    /// <returns>The state in which the resource was healthy and every handler of its <see cref="ResourceReadyEvent"/> had run.</returns>
    /// <exception cref="DistributedApplicationException">The resource does not exist, failed to start, or ended.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        if (!_model.Resources.TryGetByName(resourceName, out _))
            throw StoppedWaiting("does not exist in the application model");

        var reached = await WaitForResourceAsync(resourceName, update => IsReady(update.Snapshot) || HasEnded(update.Snapshot), cancellationToken);
        if (HasEnded(reached.Snapshot))
            throw StoppedWaiting(WhyEnded(reached.Snapshot));

        await reached.Snapshot.Ready!.WaitAsync(cancellationToken);
        return reached;

        DistributedApplicationException StoppedWaiting(string because) =>
            new($"Stopped waiting for resource '{resourceName}' to become healthy because it {because}.");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var watcher in _watchers)
                watcher.Writer.TryComplete();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Returns when everything the resource waits for is ready.</summary>
    internal async Task WaitForDependenciesAsync(IResource resource, ResourceLog log, CancellationToken cancellationToken)
    {
        await Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource).Distinct().Select(async dependency =>
        {
            if (TryGetCurrentState(dependency.Name, out var current) && IsReady(current.Snapshot)) return;

            log.Say($"waiting for {dependency.Name}");
            try
            {
                await WaitForResourceHealthyAsync(dependency.Name, cancellationToken);
            }
            catch (DistributedApplicationException) when (TryGetCurrentState(dependency.Name, out current))
            {
                throw new DistributedApplicationException($"stopped waiting for {dependency.Name}, which {WhyEnded(current.Snapshot)}");
            }
        }));
    }

    private static bool IsReady(CustomResourceSnapshot snapshot) => snapshot.HealthStatus == HealthStatus.Healthy && snapshot.Ready is not null;

    private static bool HasEnded(CustomResourceSnapshot snapshot) =>
        !snapshot.StoppedByHost && snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private static string WhyEnded(CustomResourceSnapshot snapshot) => snapshot.Reason ?? $"entered the state '{snapshot.State?.Text}'";
}
