using YamlDotNet.RepresentationModel;

namespace EdgeCloud.Tests.Testing;

/// <summary>A file of the repository as YAML's own nodes, by path.</summary>
internal static class Yaml
{
    public static YamlMappingNode Load(params string[] path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Path.Combine([Repository.Root, .. path]));
        stream.Load(reader);
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    /// <returns>The node under these keys; fails with the one that is missing.</returns>
    public static YamlNode At(this YamlNode node, params string[] keys)
    {
        foreach (var key in keys)
            node = node.Find(key)
                ?? throw new KeyNotFoundException($"There is no '{key}' in '{string.Join('.', keys)}'.");
        return node;
    }

    public static YamlNode? Find(this YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(key, out var value) ? value : null;

    public static string Text(this YamlNode node) => ((YamlScalarNode)node).Value!;

    public static string[] Texts(this YamlNode node) =>
        node is YamlSequenceNode items ? [.. items.Select(Text)] : [node.Text()];

    public static string[] Keys(this YamlNode node) => [.. ((YamlMappingNode)node).Children.Keys.Select(Text)];
}
