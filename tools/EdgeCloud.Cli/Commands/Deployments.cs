using System.CommandLine;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Cli.Commands;

/// <summary>What the commands of a deployment share.</summary>
internal static class Deployments
{
    /// <returns>The exit code: 1 when it fails, with the reason on the terminal.</returns>
    public static async Task<int> RunAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (DeploymentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}

/// <summary>The option that says which cluster is meant.</summary>
internal static class Contexts
{
    public static Option<string> Option() => new("--context")
    {
        Description = "Minikube's profile, which is kubectl's context too; nothing else is ever touched",
        HelpName = "name",
        DefaultValueFactory = _ => "minikube",
    };
}
