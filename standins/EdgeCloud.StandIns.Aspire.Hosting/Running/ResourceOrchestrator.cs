using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

/// <summary>Starts every resource when what it waits for is ready, reports the ones that end by themselves, and stops the rest.</summary>
internal sealed class ResourceOrchestrator(
    DistributedApplicationModel model, ResourceNotificationService notifications, IDistributedApplicationEventing eventing, ResourceLauncher launcher,
    ResourceOutput output, IConfiguration configuration, IServiceProvider services) : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<IResource, ChildProcess> _children = [];
    private readonly ConcurrentBag<Task> _endings = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _killNow = new();
    private readonly Lock _stoppingOnce = new();
    private Task[] _starts = [];
    private Task? _stopped;
    private PosixSignalRegistration? _interrupts;
    private int _interruptCount;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, HurryUp);
        EndpointAllocation.Allocate(model.Resources, configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false));
        foreach (var resource in model.Resources)
        {
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                State = snapshot.State ?? KnownResourceStates.NotStarted,
                Urls = [.. UrlsOf(resource)],
            });
        }

        var wanted = model.Resources.Where(resource => !resource.TryGetLastAnnotation<ExplicitStartupAnnotation>(out _));
        _starts = [.. wanted.Select(resource => Task.Run(() => BringUpAsync(resource), CancellationToken.None))];
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before any service of the host stops: what the application hosts itself outlives the resources that use it.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => StopAllAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync(CancellationToken.None);
        _interrupts?.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task BringUpAsync(IResource resource)
    {
        var log = output.For(resource);
        try
        {
            if (resource.TryGetLastAnnotation<WaitAnnotation>(out _))
                await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Waiting });

            await notifications.WaitForDependenciesAsync(resource, log, _stopping.Token);
            await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), _stopping.Token);
            if (ResourceLauncher.CanLaunch(resource)) await LaunchAsync(resource, log);
            else if (resource is ParameterResource or ConnectionStringResource) await ResolveAsync((IValueProvider)resource, resource);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped before it was up.
        }
        catch (Exception exception)
        {
            var reason = $"failed to start: {exception.Message}";
            log.Complain(exception is DistributedApplicationException ? reason : $"failed to start: {exception}");
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.FailedToStart, Reason = reason });
        }
    }

    private async Task ResolveAsync(IValueProvider value, IResource resource)
    {
        await value.GetValueAsync(_stopping.Token);
        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Running });
    }

    private async Task LaunchAsync(IResource resource, ResourceLog log)
    {
        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Starting });
        var plan = await launcher.PlanAsync(resource, _stopping.Token);
        _stopping.Token.ThrowIfCancellationRequested();
        var child = _children[resource] = await ChildProcess.StartAsync(plan, log);
        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Running });
        _endings.Add(ReportEndAsync(resource, child, log));
    }

    private async Task ReportEndAsync(IResource resource, ChildProcess child, ResourceLog log)
    {
        var code = await child.Exited;
        _children.TryRemove(resource, out _);
        var reason = $"exited with code {code}";
        if (child.Killed) log.Complain("did not stop when asked and was killed");
        else if (child.StopRequested) log.Say("stopped");
        else if (code == 0) log.Say(reason);
        else
        {
            log.Complain($"{reason}{(log.LastLines.Count == 0 ? " without a word" : ". Its last lines:")}");
            foreach (var line in log.LastLines)
                log.Complain($"    {line}");
        }

        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
        {
            State = resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished,
            ExitCode = code,
            Reason = reason,
            StoppedByHost = child.StopRequested,
        });
    }

    private Task StopAllAsync(CancellationToken killNow)
    {
        lock (_stoppingOnce) return _stopped ??= Core();

        async Task Core()
        {
            await _stopping.CancelAsync();
            await Task.WhenAll(_starts);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(killNow, _killNow.Token);
            var stops = new ConcurrentDictionary<IResource, Lazy<Task>>();
            await Task.WhenAll(_children.Select(child => StopAfterDependents(child.Key, child.Value)));
            await Task.WhenAll(_endings);

            Task StopAfterDependents(IResource resource, ChildProcess child) => stops.GetOrAdd(resource, _ => new(async () =>
            {
                await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Stopping });
                var dependents = _children.Where(other => other.Key.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == resource));
                await Task.WhenAll(dependents.Select(dependent => StopAfterDependents(dependent.Key, dependent.Value)));
                await child.StopAsync(StopPatience, either.Token);
            })).Value;
        }
    }

    private void HurryUp(PosixSignalContext signal)
    {
        // The host answers the first Ctrl+C; a person who asks again does not want to wait. A second SIGTERM means nothing: sent to
        // a whole process group it arrives twice, since 'dotnet run' passes its own on.
        if (Interlocked.Increment(ref _interruptCount) > 1) _killNow.Cancel();
    }

    private static IEnumerable<UrlSnapshot> UrlsOf(IResource resource) => resource.Annotations.OfType<ResourceUrlAnnotation>()
        .Select(url => new UrlSnapshot(url.Endpoint?.EndpointName, url.Url, IsInternal: false) { DisplayProperties = new(url.DisplayText ?? "") });
}
