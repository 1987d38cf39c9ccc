using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.AppHost;

/// <summary>
/// Ends what waited for a broker or a database before that itself. The orchestrator ends all at once, and a consumer
/// that finds its broker gone tries for 10 s to tell it how far it has read.
/// </summary>
internal sealed class DependentsFirst(
    ResourceCommandService commands, DistributedApplicationModel model, IResource awaited) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Hosted services stop in the reverse order of their registration, so this comes before the orchestrator's.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var dependents = model.Resources.Where(resource =>
            resource.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == awaited));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await Task.WhenAll(dependents.Select(dependent =>
                commands.ExecuteCommandAsync(dependent, KnownResourceCommands.StopCommand, limit.Token)));
        }
        catch (OperationCanceledException)
        {
            // The orchestrator ends whatever is left.
        }
    }
}

internal static class DependentsFirstExtensions
{
    public static IResourceBuilder<T> EndAfterDependents<T>(this IResourceBuilder<T> broker)
        where T : IResource
    {
        if (broker.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            broker.ApplicationBuilder.Services.AddHostedService(services =>
                ActivatorUtilities.CreateInstance<DependentsFirst>(services, broker.Resource));
        }

        return broker;
    }
}
