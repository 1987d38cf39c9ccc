using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeCloud.Cli.Deployment;
using EdgeCloud.Cli.Publishing;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>publish</c>: writes the Kubernetes manifests from the AppHost.</summary>
internal static partial class PublishCommand
{
    /// <summary>It is built first where it is not yet.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "Where chart/, minikube/ and postgres/ go",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Repository.Root, "manifests")),
        };
        var tag = new Option<string>("--tag")
        {
            Description = "The tag of the images edgecloud-edge and edgecloud-server",
            DefaultValueFactory = _ => Manifests.DefaultTag,
        };
        tag.Validators.Add(result =>
        {
            if (!Tag().IsMatch(result.GetValueOrDefault<string>()))
                result.AddError("--tag must be an image's tag: 1 to 128 letters, digits, dots, underscores or hyphens, "
                    + "with a letter, digit or underscore first.");
        });
        var command = new Command("publish", "Write the Kubernetes manifests from the AppHost: a Helm chart, "
            + "and plain YAML for kubectl apply") { output, tag };
        command.SetAction((parsed, cancellationToken) =>
            PublishAsync(parsed.GetValue(output)!.FullName, parsed.GetValue(tag)!, cancellationToken));
        return command;
    }

    private static async Task<int> PublishAsync(string output, string tag, CancellationToken cancellationToken)
    {
        var published = Directory.CreateTempSubdirectory("edgecloud-publish-");
        try
        {
            foreach (var engine in Manifests.Engines)
            {
                string[] arguments = ["run", "--project", "EdgeCloud.AppHost", "--no-launch-profile", "--verbosity",
                    "quiet", "--", .. AppHostArguments(Path.Combine(published.FullName, engine), engine)];
                using var appHost =
                    Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root })!;
                await Tool.EndsAsync(
                    appHost, "The AppHost", Limit, static _ => Task.CompletedTask, cancellationToken);
                if (appHost.ExitCode != 0)
                    return appHost.ExitCode;
            }

            Manifests.Write(published.FullName, output, tag);
            Console.WriteLine(
                $"Written to {output}: chart/ for Helm; minikube/ for kubectl apply -f, and postgres/ to go over it.");
            return 0;
        }
        catch (Exception exception) when (exception is FormatException or DeploymentException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        finally
        {
            published.Delete(recursive: true);
        }
    }

    /// <summary>What makes an AppHost write its chart and nothing else, as <c>aspire publish -o</c> does.</summary>
    public static string[] AppHostArguments(string outputPath, string historyEngine) =>
        ["--operation", "publish", "--step", "publish", "--output-path", outputPath,
            $"--History:Engine={historyEngine}"];

    [GeneratedRegex(@"^\w[\w.-]{0,127}$", RegexOptions.ECMAScript)]
    private static partial Regex Tag();
}
