using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace EdgeCloud.Cli.Publishing;

/// <summary>
/// From the chart that Aspire has written to what is checked in: the chart with our images' names, and plain
/// YAML of it for kubectl.
/// </summary>
internal static partial class Manifests
{
    public const string Namespace = "edgecloud";
    public const string DefaultTag = "dev";

    private const string ChartFolder = "chart";
    private const string PlainFolder = "minikube";

    /// <summary>
    /// First in the folder's order, in which kubectl applies it. The API server then holds every pod
    /// to the strictest standard.
    /// </summary>
    private const string NamespaceFile = "00-namespace.yaml";

    /// <summary>Writes <c>chart/</c> and <c>minikube/</c> below a directory, in place of what was there.</summary>
    /// <param name="published">Where Aspire's publisher has written.</param>
    /// <param name="directory">Where they go.</param>
    /// <param name="tag">The tag of our own images.</param>
    /// <exception cref="FormatException">The chart has something that cannot be rendered.</exception>
    public static void Write(string published, string directory, string tag)
    {
        var files = Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(published, file).Replace('\\', '/'), File.ReadAllText);
        files["values.yaml"] = NameImages(files["values.yaml"], tag);

        WriteFolder(Path.Combine(directory, ChartFolder), files);
        WriteFolder(Path.Combine(directory, PlainFolder), Render(files));
    }

    private static Dictionary<string, string> Render(Dictionary<string, string> chart)
    {
        var template = new ChartTemplate(chart["values.yaml"], ChartName(chart["Chart.yaml"]), Namespace);
        var plain = chart.Where(file => file.Key.StartsWith("templates/", StringComparison.Ordinal))
            .ToDictionary(file => PlainName(file.Key), file => template.Render(file.Value));
        plain[NamespaceFile] = $"""
            ---
            apiVersion: "v1"
            kind: "Namespace"
            metadata:
              name: "{Namespace}"
              labels:
                pod-security.kubernetes.io/enforce: "restricted"

            """.ReplaceLineEndings("\n");
        return plain;
    }

    /// <summary>
    /// templates/edge/config.yaml becomes edge-config.yaml, templates/edge/edge.yaml becomes edge.yaml.
    /// </summary>
    private static string PlainName(string path)
    {
        var (resource, file) = (path.Split('/')[1], path.Split('/')[2]);
        return file == $"{resource}.yaml" ? file : $"{resource}-{file}";
    }

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

    [GeneratedRegex("""(?<key>^ +\w+_image: )"(?<name>[\w-]+):latest"$""", RegexOptions.Multiline)]
    private static partial Regex DefaultImage();
}
