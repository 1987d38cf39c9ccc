using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class PodTemplateSpecV1
{
    [YamlMember(Alias = "metadata")]
    public ObjectMetaV1 Metadata { get; set; } = new();

    [YamlMember(Alias = "spec")]
    public PodSpecV1 Spec { get; set; } = new();
}

public sealed class PodSpecV1
{
    [YamlMember(Alias = "serviceAccountName")]
    public string? ServiceAccountName { get; set; }

    [YamlMember(Alias = "automountServiceAccountToken")]
    public bool? AutomountServiceAccountToken { get; set; }

    [YamlMember(Alias = "containers")]
    public List<ContainerV1> Containers { get; } = [];

    [YamlMember(Alias = "enableServiceLinks")]
    public bool? EnableServiceLinks { get; set; }

    [YamlMember(Alias = "terminationGracePeriodSeconds")]
    public long? TerminationGracePeriodSeconds { get; set; }

    [YamlMember(Alias = "volumes")]
    public List<VolumeV1> Volumes { get; } = [];

    [YamlMember(Alias = "securityContext")]
    public PodSecurityContextV1? SecurityContext { get; set; }
}

public sealed class PodSecurityContextV1
{
    [YamlMember(Alias = "seccompProfile")]
    public SeccompProfileV1? SeccompProfile { get; set; }

    [YamlMember(Alias = "fsGroup")]
    public long? FsGroup { get; set; }

    [YamlMember(Alias = "runAsGroup")]
    public long? RunAsGroup { get; set; }

    [YamlMember(Alias = "runAsUser")]
    public long? RunAsUser { get; set; }

    [YamlMember(Alias = "runAsNonRoot")]
    public bool? RunAsNonRoot { get; set; }
}

public sealed class SeccompProfileV1
{
    [YamlMember(Alias = "type")]
    public string Type { get; set; } = null!;
}
