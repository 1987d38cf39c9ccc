using System.Reflection;

#pragma warning disable ASPIREPROCESSCOMMAND001 // Experimental; the alternative is the same by hand.

namespace EdgeCloud.AppHost.Dashboard;

/// <summary>
/// The command that sends the dead letters to the topic they came from, by the command line's own <c>dlq replay</c>.
/// </summary>
internal static class ReplayDeadLetters
{
    public const string CommandName = "replay-dead-letters";

    public static IResourceBuilder<ProjectResource> WithDeadLetterReplay(
        this IResourceBuilder<ProjectResource> server, IResourceBuilder<IResourceWithConnectionString> kafka)
    {
        // Built with the AppHost, as it was: a build now would take longer than the command itself.
        var configuration =
            typeof(ReplayDeadLetters).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        return server.WithProcessCommand(
            CommandName,
            "Replay dead letters",
            async context => new ProcessCommandSpec("dotnet")
            {
                Arguments =
                [
                    "run", "--project", new Projects.EdgeCloud_Cli().ProjectPath, "--no-build",
                    "--configuration", configuration, "--", "dlq", "replay", "--all",
                    "--kafka", await kafka.Resource.GetConnectionStringAsync(context.CancellationToken) ?? "",
                ],
            },
            new ProcessCommandOptions
            {
                Description = "Sends every dead letter that was not sent again yet to the topic it came from.",
                IconName = "ArrowReplyAll",
                ConfirmationMessage = "Send all dead letters again?",
            });
    }
}
