using System.Text.RegularExpressions;

namespace EdgeCloud.Cli.Deployment;

/// <summary>manifests/minikube, which the AppHost publishes.</summary>
internal static partial class MinikubeManifests
{
    public static DirectoryInfo Usual { get; } = new(Path.Combine(Repository.Root, "manifests", "minikube"));

    /// <returns>The files in the order in which kubectl would take them, as one stream, with our images under
    /// the given tag.</returns>
    /// <exception cref="DeploymentException">There are none, or they name none of our images.</exception>
    public static string Read(DirectoryInfo directory, string tag)
    {
        string[] files =
            directory.Exists ? [.. Directory.GetFiles(directory.FullName, "*.yaml").Order(StringComparer.Ordinal)] : [];
        if (files.Length == 0)
            throw new DeploymentException($"{directory} holds no manifests. Write them: ./edgecloud publish");

        var stream = string.Join("\n---\n", files.Select(File.ReadAllText));
        var named = Image().Matches(stream).Select(match => match.Groups["service"].Value).ToHashSet();
        var missing = Images.Services.Where(service => !named.Contains(service)).ToArray();
        return missing.Length == 0
            ? Image().Replace(
                stream, match => $"{match.Groups["key"].Value}\"{Images.Name(match.Groups["service"].Value, tag)}\"")
            : throw new DeploymentException($"{directory} has no workload with the image "
                + $"{string.Join(" or ", missing.Select(service => $"edgecloud-{service}"))}. "
                + "Write the manifests anew: ./edgecloud publish");
    }

    [GeneratedRegex(
        @"(?<key>\bimage:\s*)[""']?(?:docker\.io/library/)?edgecloud-(?<service>edge|server)"
        + @"(?::[\w.-]+)?[""']?(?=\s|$)")]
    private static partial Regex Image();
}
