using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class PersistentVolumeClaim() : BaseKubernetesResource("v1", "PersistentVolumeClaim")
{
    [YamlMember(Alias = "spec")]
    public PersistentVolumeClaimSpecV1 Spec { get; set; } = new();
}

public sealed class PersistentVolumeClaimSpecV1
{
    [YamlMember(Alias = "dataSource")]
    public TypedLocalObjectReferenceV1? DataSource { get; set; }

    [YamlMember(Alias = "volumeMode")]
    public string VolumeMode { get; set; } = null!;

    [YamlMember(Alias = "dataSourceRef")]
    public TypedObjectReferenceV1? DataSourceRef { get; set; }

    [YamlMember(Alias = "selector")]
    public LabelSelectorV1? Selector { get; set; }

    [YamlMember(Alias = "accessModes")]
    public List<string> AccessModes { get; } = [];

    [YamlMember(Alias = "resources")]
    public VolumeResourceRequirementsV1 Resources { get; set; } = new();
}

public sealed class VolumeResourceRequirementsV1
{
    [YamlMember(Alias = "requests")]
    public Dictionary<string, string> Requests { get; } = [];
}

public sealed class TypedLocalObjectReferenceV1;

public sealed class TypedObjectReferenceV1;
