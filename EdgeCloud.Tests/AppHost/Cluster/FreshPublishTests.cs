using EdgeCloud.Cli.Commands;
using EdgeCloud.Cli.Publishing;

namespace EdgeCloud.Tests.AppHost.Cluster;

public sealed class FreshPublishTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_checked_in_manifests_are_what_the_AppHost_publishes()
    {
        Manifests.Write(await PublishAsync(), _folder.Path, Manifests.DefaultTag);

        foreach (var folder in new[] { "chart", "minikube", "postgres" })
            Assert.Equal(Files(Path.Combine(_folder.Path, folder)), Files(Path.Combine(Checkout.Manifests, folder)));
    }

    [Fact]
    public async Task A_tag_reaches_both_images_and_nothing_else()
    {
        var published = await PublishAsync();
        Manifests.Write(published, _folder.Path, "1b4c201");

        var images = Files(_folder.File("minikube")).Values.SelectMany(text => text.Split('\n'))
            .Where(line => line.Contains(" image:", StringComparison.Ordinal));
        Assert.Equal(2, images.Count(image => image.EndsWith(":1b4c201\"", StringComparison.Ordinal)));
        var values = File.ReadAllText(Path.Combine(_folder.Path, "chart", "values.yaml"));
        Assert.Contains("edge_image: \"edgecloud-edge:1b4c201\"", values, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_published_no_longer_disappear()
    {
        var left = Path.Combine(_folder.Path, "minikube", "zookeeper.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "---");

        Manifests.Write(await PublishAsync(), _folder.Path, Manifests.DefaultTag);

        Assert.False(File.Exists(left));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> PublishAsync()
    {
        var output = Path.Combine(_folder.Path, "published");
        foreach (var engine in Manifests.Engines)
        {
            await ChildProcess.SucceedAsync(ChildProcess.Dotnet(
                "EdgeCloud.AppHost", PublishCommand.AppHostArguments(Path.Combine(output, engine), engine)));
        }

        return output;
    }

    private static Dictionary<string, string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).ToDictionary(
                file => Path.GetRelativePath(folder, file), file => File.ReadAllText(file).ReplaceLineEndings("\n"));
}
