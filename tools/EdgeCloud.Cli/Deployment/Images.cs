using System.Globalization;

namespace EdgeCloud.Cli.Deployment;

/// <summary>What builds images.</summary>
internal enum Builder
{
    Auto,
    Docker,
    Podman,
    Minikube,
}

/// <summary>The feed that an image's packages come from.</summary>
/// <param name="NuGetConfig">Read during the build, kept out of the image.</param>
/// <param name="Npmrc">Likewise.</param>
internal sealed record ImageFeed(FileInfo? NuGetConfig, FileInfo? Npmrc);

/// <summary>The images of both services under the tag of their sources.</summary>
internal sealed class Images(SourceVersion source, ImageFeed feed)
{
    public static readonly string[] Services = ["edge", "server"];

    public string Tag => source.Tag;

    /// <summary>
    /// In full: podman calls an image that names no registry localhost/…, Kubernetes looks for it
    /// at docker.io/library/….
    /// </summary>
    public static string Name(string service, string tag) => $"docker.io/library/edgecloud-{service}:{tag}";

    /// <returns>The archive of a service's image.</returns>
    public static string Archive(string directory, string service) =>
        Path.Combine(directory, $"edgecloud-{service}.tar");

    /// <returns>The first that answers, when any will do.</returns>
    /// <exception cref="DeploymentException">None does, or not the one that was asked for.</exception>
    public static async Task<Tool> ChooseAsync(Builder builder, CancellationToken cancellationToken)
    {
        foreach (var tool in builder switch
        {
            Builder.Docker => [Tool.Docker],
            Builder.Podman => [Tool.Podman],
            Builder.Minikube => [Tool.Minikube],
            _ => (Tool[])[Tool.Docker, Tool.Podman],
        })
        {
            if (await tool.SucceedsAsync(tool == Tool.Minikube ? ["version"] : ["info"], cancellationToken))
                return tool;
        }

        throw new DeploymentException(builder switch
        {
            Builder.Docker => $"docker does not answer. Start it, or: {Tool.Docker.WhenMissing}",
            Builder.Podman => $"podman does not answer. {Tool.Podman.WhenMissing}",
            Builder.Minikube => $"minikube does not answer. {Tool.Minikube.WhenMissing}",
            _ => "Neither docker nor podman answers; one of them must build the images. "
                + "Start or install one (https://docs.docker.com/engine/install).",
        });
    }

    /// <param name="builder">docker, podman, or minikube, which builds inside the cluster.</param>
    /// <param name="profile">Minikube's cluster, when it builds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task BuildAsync(Tool builder, string profile, CancellationToken cancellationToken)
    {
        if (builder == Tool.Minikube && (feed.NuGetConfig ?? feed.Npmrc) is not null)
            throw new DeploymentException("Minikube builds without secrets, "
                + "so with neither --nuget-config nor --npmrc: build with docker or podman.");

        foreach (var service in Services)
        {
            await builder.RunAsync(
                [.. Command(builder, profile), "--file", $"docker/Dockerfile.{service}", "--tag", Name(service, Tag),
                    .. Arguments(builder), "."], cancellationToken);
            if (builder == Tool.Minikube)
                await new Cluster(profile).RequireImageAsync(
                    Name(service, Tag), "minikube has built it", cancellationToken);
        }
    }

    /// <summary>Writes the archives of both images.</summary>
    /// <exception cref="DeploymentException">Minikube built them, and has them in the cluster only.</exception>
    public async Task SaveAsync(Tool builder, string directory, CancellationToken cancellationToken)
    {
        if (builder == Tool.Minikube)
            throw new DeploymentException(
                "Minikube keeps the images it builds in its cluster; for archives build with docker or podman.");

        Directory.CreateDirectory(directory);
        foreach (var service in Services)
        {
            // podman refuses to write over an archive.
            File.Delete(Archive(directory, service));
            await builder.RunAsync(
                ["save", "--output", Archive(directory, service), Name(service, Tag)], cancellationToken);
        }
    }

    private static string[] Command(Tool builder, string profile) =>
        builder == Tool.Minikube ? ["image", "build", "--profile", profile] : ["build"];

    private IEnumerable<string> Arguments(Tool builder)
    {
        var epoch = source.Epoch.ToString(CultureInfo.InvariantCulture);
        List<string> buildArguments = [$"REVISION={source.Commit}"];

        // The date of the commit instead of now: BuildKit takes it as an argument, podman as an option.
        if (builder == Tool.Podman)
            yield return $"--timestamp={epoch}";
        else
            buildArguments.Add($"SOURCE_DATE_EPOCH={epoch}");

        foreach (var argument in buildArguments)
            yield return builder == Tool.Minikube ? $"--build-opt=build-arg={argument}" : $"--build-arg={argument}";
        if (feed.NuGetConfig is not null)
            yield return $"--secret=id=nuget,src={feed.NuGetConfig.FullName}";
        if (feed.Npmrc is not null)
            yield return $"--secret=id=npm,src={feed.Npmrc.FullName}";
    }
}
