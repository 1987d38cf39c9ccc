using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

internal sealed class HelmChart
{
    [YamlMember(Alias = "apiVersion")]
    public string ApiVersion { get; set; } = "v2";

    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "version")]
    public string Version { get; set; } = null!;

    [YamlMember(Alias = "kubeVersion")]
    public string? KubeVersion { get; set; } = ">= 1.18.0-0";

    [YamlMember(Alias = "description")]
    public string Description { get; set; } = null!;

    [YamlMember(Alias = "type")]
    public string? Type { get; set; } = "application";

    [YamlMember(Alias = "keywords")]
    public List<string> Keywords { get; set; } = ["aspire", "kubernetes"];

    [YamlMember(Alias = "appVersion")]
    public string AppVersion { get; set; } = null!;

    [YamlMember(Alias = "deprecated")]
    public bool? Deprecated { get; set; } = false;
}
