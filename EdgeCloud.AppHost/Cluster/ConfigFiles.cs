using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>
/// Files of the repository as ConfigMaps. Aspire's publisher rejects bind mounts, and images for a few files would be
/// one more thing to build.
/// </summary>
internal static partial class ConfigFiles
{
    /// <summary>Mounts the files of a directory, without its subdirectories.</summary>
    public static void AddFiles(this KubernetesResource published, string name, string mountPath, string directory)
    {
        var map = new ConfigMap { Metadata = { Name = $"{published.Name}-{name}" } };
        foreach (var file in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
            map.Data[Path.GetFileName(file)] = Verbatim(File.ReadAllText(file).ReplaceLineEndings("\n"));

        published.AdditionalResources.Add(map);
        var template = published.Workload!.PodTemplate;
        template.Spec.Volumes.Add(new VolumeV1 { Name = name, ConfigMap = new() { Name = map.Metadata.Name } });
        published.Container().VolumeMounts.Add(new VolumeMountV1 { Name = name, MountPath = mountPath, ReadOnly = true });

        // Programs read their files when they start, so other files must make another pod.
        template.Metadata.Annotations[$"edgecloud/{name}-sha256"] = Hash(map.Data);
    }

    /// <summary>Helm evaluates any {{ }} of a value, and dashboards and alerts are full of them.</summary>
    private static string Verbatim(string text) => DoubleBraces().Replace(text, static braces => $"{{{{ `{braces.Value}` }}}}");

    private static string Hash(Dictionary<string, string> files) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}\0{file.Value}")))))[..16];

    [GeneratedRegex("\\{\\{.*?\\}\\}", RegexOptions.Singleline)]
    private static partial Regex DoubleBraces();
}
