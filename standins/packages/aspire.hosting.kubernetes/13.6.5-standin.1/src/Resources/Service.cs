using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class Service() : BaseKubernetesResource("v1", "Service")
{
    [YamlMember(Alias = "spec")]
    public ServiceSpecV1 Spec { get; set; } = new();
}

public sealed class ServiceSpecV1
{
    [YamlMember(Alias = "type")]
    public string Type { get; set; } = "ClusterIP";

    [YamlMember(Alias = "selector")]
    public Dictionary<string, string> Selector { get; set; } = [];

    [YamlMember(Alias = "ports")]
    public List<ServicePortV1> Ports { get; } = [];
}

public sealed class ServicePortV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "protocol")]
    public string Protocol { get; set; } = null!;

    [YamlMember(Alias = "nodePort")]
    public int? NodePort { get; set; }

    [YamlMember(Alias = "port")]
    public Int32OrStringV1 Port { get; set; } = null!;

    [YamlMember(Alias = "targetPort")]
    public Int32OrStringV1 TargetPort { get; set; } = null!;
}
