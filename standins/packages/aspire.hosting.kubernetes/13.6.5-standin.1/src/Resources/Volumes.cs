using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class VolumeV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "configMap")]
    public ConfigMapVolumeSourceV1? ConfigMap { get; set; }

    [YamlMember(Alias = "emptyDir")]
    public EmptyDirVolumeSourceV1? EmptyDir { get; set; }

    [YamlMember(Alias = "persistentVolumeClaim")]
    public PersistentVolumeClaimVolumeSourceV1? PersistentVolumeClaim { get; set; }
}

public sealed class PersistentVolumeClaimVolumeSourceV1
{
    [YamlMember(Alias = "claimName")]
    public string ClaimName { get; set; } = null!;
}

public sealed class EmptyDirVolumeSourceV1
{
    [YamlMember(Alias = "sizeLimit")]
    public string? SizeLimit { get; set; }
}

public sealed class ConfigMapVolumeSourceV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "optional")]
    public bool? Optional { get; set; }

    [YamlMember(Alias = "items")]
    public List<KeyToPathV1> Items { get; } = [];
}

public sealed class KeyToPathV1
{
    [YamlMember(Alias = "path")]
    public string Path { get; set; } = null!;

    [YamlMember(Alias = "key")]
    public string Key { get; set; } = null!;
}

public sealed class VolumeMountV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "mountPath")]
    public string MountPath { get; set; } = null!;

    [YamlMember(Alias = "readOnly")]
    public bool? ReadOnly { get; set; }
}
