using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>
/// Files of the repository in a container: mounted where it runs, ConfigMaps where it is published. Aspire's publisher
/// rejects bind mounts, and images for a few files would be one more thing to build.
/// </summary>
internal static partial class ConfigFiles
{
    /// <summary>The files of a folder of the repository, without its subfolders, below a path.</summary>
    public static IResourceBuilder<ContainerResource> WithFiles(
        this IResourceBuilder<ContainerResource> container, string name, string mountPath, string folder)
    {
        var builder = container.ApplicationBuilder;
        var source = builder.RepositoryFolder(folder);
        return builder.ExecutionContext.IsPublishMode
            ? container.WithAnnotation(new Files(name, mountPath, source))
            : container.WithBindMount(source, mountPath, isReadOnly: true);
    }

    public static string RepositoryFolder(this IDistributedApplicationBuilder builder, string folder) =>
        Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", folder));

    public static void AddFilesOf(this KubernetesResource published, IResource resource)
    {
        foreach (var files in resource.Annotations.OfType<Files>())
            published.AddFiles(files);
    }

    /// <summary>The files of a ConfigMap that need not be there.</summary>
    public static void AddOptionalMap(this KubernetesResource published, string name, string mountPath)
    {
        published.Workload!.PodTemplate.Spec.Volumes.Add(
            new VolumeV1 { Name = name, ConfigMap = new() { Name = name, Optional = true } });
        published.Container().VolumeMounts.Add(
            new VolumeMountV1 { Name = name, MountPath = mountPath, ReadOnly = true });
    }

    private static void AddFiles(this KubernetesResource published, Files files)
    {
        var map = new ConfigMap { Metadata = { Name = $"{published.Name}-{files.Name}" } };
        foreach (var file in Directory.EnumerateFiles(files.Folder).Order(StringComparer.Ordinal))
            map.Data[Path.GetFileName(file)] = Verbatim(File.ReadAllText(file).ReplaceLineEndings("\n"));

        published.AdditionalResources.Add(map);
        var template = published.Workload!.PodTemplate;
        var mount = new VolumeMountV1 { Name = files.Name, MountPath = files.MountPath, ReadOnly = true };
        template.Spec.Volumes.Add(new VolumeV1 { Name = files.Name, ConfigMap = new() { Name = map.Metadata.Name } });
        published.Container().VolumeMounts.Add(mount);

        // Programs read their files when they start, so other files must make another pod.
        template.Metadata.Annotations[$"edgecloud/{files.Name}-sha256"] = Hash(map.Data);
    }

    /// <summary>Helm evaluates any {{ }} of a value, and dashboards and alerts are full of them.</summary>
    private static string Verbatim(string text) =>
        DoubleBraces().Replace(text, static braces => $"{{{{ `{braces.Value}` }}}}");

    private static string Hash(Dictionary<string, string> files)
    {
        var parts = files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}\0{file.Value}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..16];
    }

    [GeneratedRegex("\\{\\{.*?\\}\\}", RegexOptions.Singleline)]
    private static partial Regex DoubleBraces();

    private sealed record Files(string Name, string MountPath, string Folder) : IResourceAnnotation;
}
