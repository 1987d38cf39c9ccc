using System.CommandLine;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Cli.Commands;

/// <summary><c>images</c>: builds the images of both services, tagged by the commit.</summary>
internal static class ImagesCommand
{
    public static Command Create()
    {
        var options = new ImageOptions();
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "Writes the archive of each image into this folder too",
            HelpName = "folder",
        };
        var command = new Command("images", "Build the images of edge and server, tagged by the commit") { output };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Deployments.RunAsync(async () =>
        {
            var builder = await Images.ChooseAsync(options.Builder(parsed), cancellationToken);
            var images = new Images(await SourceVersion.ReadAsync(cancellationToken), options.Feed(parsed));
            await images.BuildAsync(builder, parsed.GetRequiredValue(options.Context), cancellationToken);
            if (parsed.GetValue(output) is { } folder)
                await images.SaveAsync(builder, folder.FullName, cancellationToken);
            foreach (var service in Images.Services)
                Console.WriteLine(Images.Name(service, images.Tag));
        }));
        return command;
    }
}
