using EdgeCloud.Cli.Commands;
using EdgeCloud.Cli.Publishing;

namespace EdgeCloud.Tests.AppHost.Cluster;

public sealed class FreshPublishTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("edgecloud-");

    [Fact]
    public async Task The_checked_in_manifests_are_what_the_AppHost_publishes()
    {
        Manifests.Write(await PublishAsync(), _directory.FullName, Manifests.DefaultTag);

        foreach (var folder in new[] { "chart", "minikube" })
            Assert.Equal(Files(Path.Combine(_directory.FullName, folder)), Files(Path.Combine(Checkout.Manifests, folder)));
    }

    [Fact]
    public async Task A_tag_reaches_both_images_and_nothing_else()
    {
        var published = await PublishAsync();
        Manifests.Write(published, _directory.FullName, "1b4c201");

        var images = Files(Path.Combine(_directory.FullName, "minikube")).Values.SelectMany(text => text.Split('\n')).Where(line => line.Contains(" image:", StringComparison.Ordinal));
        Assert.Equal(2, images.Count(image => image.EndsWith(":1b4c201\"", StringComparison.Ordinal)));
        Assert.Contains("edge_image: \"edgecloud-edge:1b4c201\"", File.ReadAllText(Path.Combine(_directory.FullName, "chart", "values.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_published_no_longer_disappear()
    {
        var left = Path.Combine(_directory.FullName, "minikube", "zookeeper.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "---");

        Manifests.Write(await PublishAsync(), _directory.FullName, Manifests.DefaultTag);

        Assert.False(File.Exists(left));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<string> PublishAsync()
    {
        var output = Path.Combine(_directory.FullName, "published");
        await ChildProcess.SucceedAsync(
            ChildProcess.Dotnet("EdgeCloud.AppHost", PublishCommand.AppHostArguments(output)));
        return output;
    }

    private static Dictionary<string, string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).ToDictionary(file => Path.GetRelativePath(folder, file), file => File.ReadAllText(file).ReplaceLineEndings("\n"));
}
