using System.Text.Json.Nodes;

namespace EdgeCloud.Tests.Observability;

/// <summary>The rules of observability/prometheus.</summary>
internal static class Rules
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "observability", "prometheus");

    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.rules.yml").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<JsonNode> Alerts { get; } = [.. All().Where(rule => rule["alert"] is not null)];

    public static IReadOnlyList<JsonNode> Recordings { get; } = [.. All().Where(rule => rule["record"] is not null)];

    private static IEnumerable<JsonNode> All() =>
        Files.SelectMany(file => Checkout.Parse(File.ReadAllText(file)).Items("groups"))
            .SelectMany(group => group.Items("rules"));
}
