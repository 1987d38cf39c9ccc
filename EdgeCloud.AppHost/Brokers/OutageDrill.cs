using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>The commands that take the broker away and bring it back, to see what the services do meanwhile.</summary>
internal static class OutageDrill
{
    public const string AwayCommandName = "broker-away";
    public const string BackCommandName = "broker-back";

    /// <summary>What the dashboard shows of a broker that was taken away without ending.</summary>
    private static readonly ResourceStateSnapshot Away = new("Away", KnownResourceStateStyles.Warn);

    private static readonly ResourceStateSnapshot Running = new(KnownResourceStates.Running, null);

    public static IResourceBuilder<EmbeddedBrokerResource> WithOutageDrill(
        this IResourceBuilder<EmbeddedBrokerResource> kafka)
    {
        var broker = kafka.Resource.Broker;
        return kafka.WithDrill(
            context =>
            {
                broker.GoAway();
                return ShowAsync(context, kafka.Resource, Away);
            },
            context =>
            {
                broker.ComeBack();
                return ShowAsync(context, kafka.Resource, Running);
            });
    }

    /// <summary>Its process ends as it does when a machine is shut down, and starts again on the same data.</summary>
    public static IResourceBuilder<LocalBrokerResource> WithOutageDrill(
        this IResourceBuilder<LocalBrokerResource> kafka) =>
        kafka.WithDrill(
            context => ExecuteAsync(context, kafka.Resource, KnownResourceCommands.StopCommand),
            context => ExecuteAsync(context, kafka.Resource, KnownResourceCommands.StartCommand));

    private static IResourceBuilder<T> WithDrill<T>(
        this IResourceBuilder<T> kafka,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> takeAway,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> bringBack)
        where T : IResource => kafka
            .WithCommand(AwayCommandName, "Take the broker away", takeAway, new CommandOptions
            {
                Description =
                    "Frames are still answered; their events wait on the edge's disk until the broker is back.",
                IconName = "PlugDisconnected",
                UpdateState = static context => EnabledWhen(IsRunning(context)),
            })
            .WithCommand(BackCommandName, "Bring the broker back", bringBack, new CommandOptions
            {
                Description = "Ends the outage: the events that waited follow, in order.",
                IconName = "PlugConnected",
                UpdateState = static context => EnabledWhen(!IsRunning(context)),
            });

    private static bool IsRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running;

    private static ResourceCommandState EnabledWhen(bool enabled) =>
        enabled ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static Task<ExecuteCommandResult> ExecuteAsync(
        ExecuteCommandContext context, IResource kafka, string command) =>
        context.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(kafka, command, context.CancellationToken);

    private static async Task<ExecuteCommandResult> ShowAsync(
        ExecuteCommandContext context, IResource kafka, ResourceStateSnapshot state)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        await notifications.PublishUpdateAsync(kafka, shown => shown with { State = state });
        return CommandResults.Success();
    }
}
