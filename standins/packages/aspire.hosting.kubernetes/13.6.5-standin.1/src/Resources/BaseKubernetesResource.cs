using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public abstract class BaseKubernetesObject(string? apiVersion = null, string? kind = null)
{
    [YamlMember(Alias = "kind", Order = -2)]
    public string? Kind { get; set; } = kind;

    [YamlMember(Alias = "apiVersion", Order = -3)]
    public string? ApiVersion { get; set; } = apiVersion;
}

public abstract class BaseKubernetesResource(string apiVersion, string kind) : BaseKubernetesObject(apiVersion, kind)
{
    [YamlMember(Alias = "metadata", Order = -1)]
    public ObjectMetaV1 Metadata { get; set; } = new();
}

public sealed class ObjectMetaV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "namespace")]
    public string Namespace { get; set; } = null!;

    [YamlMember(Alias = "annotations")]
    public Dictionary<string, string> Annotations { get; } = [];

    [YamlMember(Alias = "labels")]
    public Dictionary<string, string> Labels { get; set; } = [];
}

public sealed class LabelSelectorV1
{
    public LabelSelectorV1()
    {
    }

    public LabelSelectorV1(Dictionary<string, string> matchLabels) => MatchLabels = matchLabels;

    [YamlMember(Alias = "matchLabels")]
    public Dictionary<string, string> MatchLabels { get; set; } = [];
}
