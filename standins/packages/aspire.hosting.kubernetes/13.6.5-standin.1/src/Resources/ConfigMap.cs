using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class ConfigMap() : BaseKubernetesResource("v1", "ConfigMap")
{
    [YamlMember(Alias = "data")]
    public Dictionary<string, string> Data { get; } = [];
}
