using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace EdgeCloud.Tests.Testing;

/// <summary>The checked-in manifests as kubectl would read them.</summary>
internal static class Checkout
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    public static string Manifests { get; } = Path.Combine(Repository.Root, "manifests");

    /// <summary>What each file has, by its name and in the order in which kubectl takes it.</summary>
    public static IReadOnlyDictionary<string, JsonNode[]> Files { get; } = Read("minikube");

    /// <summary>The files that go over these for a history in PostgreSQL.</summary>
    public static IReadOnlyDictionary<string, JsonNode[]> Overlay { get; } = Read("postgres");

    /// <summary>All that there can be: the server's are those without the overlay.</summary>
    public static IEnumerable<JsonNode> Objects =>
        Files.Concat(Overlay.Where(file => !Files.ContainsKey(file.Key))).SelectMany(file => file.Value);

    public static IEnumerable<JsonNode> Of(params ReadOnlySpan<string> kinds)
    {
        var wanted = kinds.ToArray();
        return Objects.Where(o => wanted.Contains(o.Text("kind")));
    }

    public static IEnumerable<JsonNode> Workloads => Of("Deployment", "StatefulSet");

    public static JsonNode Workload(string name) => Workloads.Single(workload => workload.Name() == name);

    public static JsonNode ConfigMap(string name) => Of("ConfigMap").Single(map => map.Name() == name)["data"]!;

    public static JsonNode Parse(string yaml) => JsonNode.Parse(Json.Serialize(Yaml.Deserialize<object>(yaml)))!;

    public static string Text(this JsonNode node, string property) => node[property]!.ToString();

    public static string Name(this JsonNode node) => node["metadata"]!.Text("name");

    public static JsonNode Pod(this JsonNode workload) => workload["spec"]!["template"]!;

    public static JsonNode Container(this JsonNode workload) =>
        Assert.Single(workload.Pod()["spec"]!["containers"]!.AsArray())!;

    public static IEnumerable<JsonNode> Items(this JsonNode node, string property) =>
        (node[property]?.AsArray() ?? []).Select(item => item!);

    public static Dictionary<string, string> Pairs(this JsonNode? node) =>
        node?.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.ToString()) ?? [];

    private static Dictionary<string, JsonNode[]> Read(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Manifests, folder)).Order(StringComparer.Ordinal)
            .ToDictionary(file => Path.GetFileName(file), file => File.ReadAllText(file)
                .Split("---\n", StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToArray());
}
