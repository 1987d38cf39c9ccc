using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace EdgeCloud.Cli.Publishing;

/// <summary>
/// From the charts that Aspire has written, with each of the engines that keep the history, to what is checked in: one
/// chart with our images' names that can be installed with either, and plain YAML of it for kubectl.
/// </summary>
internal static partial class Manifests
{
    public const string Namespace = "edgecloud";
    public const string DefaultTag = "dev";

    /// <summary>What the AppHost's History:Engine may be.</summary>
    public static readonly string[] Engines = ["Sqlite", "Postgres"];

    private const string ChartFolder = "chart";
    private const string PlainFolder = "minikube";

    /// <summary>What differs from <see cref="PlainFolder"/> with PostgreSQL, to be applied over it.</summary>
    private const string OverlayFolder = "postgres";

    /// <summary>
    /// First in the folder's order, in which kubectl applies it. The API server then holds every pod
    /// to the strictest standard.
    /// </summary>
    private const string NamespaceFile = "00-namespace.yaml";

    /// <summary>What Helm prints after an installation.</summary>
    private const string NotesFile = "templates/NOTES.txt";

    private const string PodSecurityLabel = "pod-security.kubernetes.io/enforce";
    private const string PodSecurityStandard = "restricted";

    /// <summary>
    /// Aspire's class of a claim has none, and the API server adds it. kubectl compares claim templates as a whole, so
    /// each apply would find a difference that does not exist.
    /// </summary>
    private const string ClaimStatus = "      status:\n        phase: \"Pending\"\n";

    /// <summary>A chart cannot label the namespace that it is installed into: it is there before the chart.</summary>
    private static readonly string Notes = $$$"""
        {{ .Release.Name }} is installed in the namespace {{ .Release.Namespace }}.

        A namespace that Helm has created (--create-namespace) has no Pod Security label. Hold its pods to the standard
        that they meet:

          kubectl label --overwrite namespace {{ .Release.Namespace }} {{{PodSecurityLabel}}}={{{PodSecurityStandard}}}

        Reach the camera page at http://localhost:9001:

          kubectl --namespace {{ .Release.Namespace }} port-forward deployment/edge 9001:9001

        """.ReplaceLineEndings("\n");

    private static readonly string[] WorkloadKinds = ["Deployment", "StatefulSet"];

    /// <summary>
    /// Writes <c>chart/</c>, <c>minikube/</c> and <c>postgres/</c> below a directory, in place of what was there.
    /// </summary>
    /// <param name="published">Where Aspire's publisher has written the application, in a folder for each of
    /// <see cref="Engines"/>.</param>
    /// <param name="directory">Where they go.</param>
    /// <param name="tag">The tag of our own images.</param>
    /// <exception cref="FormatException">The chart has something that cannot be rendered.</exception>
    public static void Write(string published, string directory, string tag)
    {
        var files = Read(Path.Combine(published, Engines[0]), tag);
        var overlay = Read(Path.Combine(published, Engines[1]), tag);
        var plain = Render(files);
        WriteFolder(Path.Combine(directory, PlainFolder), plain);
        WriteFolder(
            Path.Combine(directory, OverlayFolder),
            Render(overlay).Where(file => plain.GetValueOrDefault(file.Key) != file.Value).ToDictionary());
        var chart = EitherChart.Of(files, overlay);
        chart[NotesFile] = Notes;
        WriteFolder(Path.Combine(directory, ChartFolder), chart);
    }

    private static Dictionary<string, string> Read(string published, string tag)
    {
        var files = Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(published, file).Replace('\\', '/'), File.ReadAllText);
        files[EitherChart.ValuesFile] = NameImages(files[EitherChart.ValuesFile], tag);
        foreach (var name in files.Keys.Where(IsTemplate).ToArray())
            files[name] = ClaimTemplate().Replace(files[name], "$0" + ClaimStatus);
        return files;
    }

    /// <summary>
    /// One file for each resource of the AppHost, with all that its workload needs, the workload last: kubectl creates
    /// objects in the order in which they stand, and a pod may be scheduled at once.
    /// </summary>
    private static Dictionary<string, string> Render(Dictionary<string, string> chart)
    {
        var template = new ChartTemplate(chart[EitherChart.ValuesFile], ChartName(chart["Chart.yaml"]), Namespace);
        var plain = chart.Where(file => IsTemplate(file.Key))
            .GroupBy(file => file.Key.Split('/')[1], file => template.Render(file.Value))
            .ToDictionary(
                resource => $"{resource.Key}.yaml",
                resource => string.Concat(resource.OrderBy(IsWorkload).ThenBy(o => o, StringComparer.Ordinal)));
        plain[NamespaceFile] = $"""
            ---
            apiVersion: "v1"
            kind: "Namespace"
            metadata:
              name: "{Namespace}"
              labels:
                {PodSecurityLabel}: "{PodSecurityStandard}"

            """.ReplaceLineEndings("\n");
        return plain;
    }

    private static bool IsTemplate(string path) => path.StartsWith("templates/", StringComparison.Ordinal);

    private static bool IsWorkload(string yaml) =>
        WorkloadKinds.Any(kind => yaml.Contains($"\nkind: \"{kind}\"\n", StringComparison.Ordinal));

    /// <summary>Aspire calls the image of a project by the project's name alone, tagged latest.</summary>
    private static string NameImages(string values, string tag) =>
        DefaultImage().Replace(values, $"${{key}}\"edgecloud-${{name}}:{tag}\"");

    private static string ChartName(string chartYaml)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(chartYaml));
        return yaml.Documents[0].RootNode["name"].ToString();
    }

    private static void WriteFolder(string folder, Dictionary<string, string> files)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach (var (name, text) in files)
        {
            var file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    /// <summary>A claim template, to its end: what is indented like it.</summary>
    [GeneratedRegex(
        """^    - apiVersion: "v1"\n      kind: "PersistentVolumeClaim"\n(      .*\n)+""", RegexOptions.Multiline)]
    private static partial Regex ClaimTemplate();

    [GeneratedRegex("""(?<key>^ +\w+_image: )"(?<name>[\w-]+):latest"$""", RegexOptions.Multiline)]
    private static partial Regex DefaultImage();
}
