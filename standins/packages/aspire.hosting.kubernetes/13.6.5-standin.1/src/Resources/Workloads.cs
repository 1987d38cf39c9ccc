using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public abstract class Workload(string apiVersion, string kind) : BaseKubernetesResource(apiVersion, kind)
{
    [YamlIgnore]
    public abstract PodTemplateSpecV1 PodTemplate { get; }
}

public sealed class Deployment() : Workload("apps/v1", "Deployment")
{
    [YamlMember(Alias = "spec")]
    public DeploymentSpecV1 Spec { get; set; } = new();

    public override PodTemplateSpecV1 PodTemplate => Spec.Template;
}

public sealed class DeploymentSpecV1
{
    [YamlMember(Alias = "template")]
    public PodTemplateSpecV1 Template { get; set; } = new();

    [YamlMember(Alias = "selector")]
    public LabelSelectorV1 Selector { get; set; } = new();

    [YamlMember(Alias = "replicas")]
    public int? Replicas { get; set; } = 1;

    [YamlMember(Alias = "revisionHistoryLimit")]
    public int? RevisionHistoryLimit { get; set; } = 3;

    [YamlMember(Alias = "strategy")]
    public DeploymentStrategyV1 Strategy { get; set; } = new();
}

public sealed class DeploymentStrategyV1
{
    [YamlMember(Alias = "rollingUpdate")]
    public RollingUpdateDeploymentV1 RollingUpdate { get; set; } = new();

    [YamlMember(Alias = "type")]
    public string Type { get; set; } = "RollingUpdate";
}

public sealed class RollingUpdateDeploymentV1
{
    [YamlMember(Alias = "maxSurge")]
    public int MaxSurge { get; set; }

    [YamlMember(Alias = "maxUnavailable")]
    public int MaxUnavailable { get; set; }
}

public sealed class StatefulSet() : Workload("apps/v1", "StatefulSet")
{
    [YamlMember(Alias = "spec")]
    public StatefulSetSpecV1 Spec { get; set; } = new();

    public override PodTemplateSpecV1 PodTemplate => Spec.Template;
}

public sealed class StatefulSetSpecV1
{
    [YamlMember(Alias = "serviceName")]
    public string ServiceName { get; set; } = null!;

    [YamlMember(Alias = "template")]
    public PodTemplateSpecV1 Template { get; set; } = new();

    [YamlMember(Alias = "selector")]
    public LabelSelectorV1 Selector { get; set; } = new();

    [YamlMember(Alias = "replicas")]
    public int? Replicas { get; set; }

    [YamlMember(Alias = "volumeClaimTemplates")]
    public List<PersistentVolumeClaim> VolumeClaimTemplates { get; } = [];

    [YamlMember(Alias = "persistentVolumeClaimRetentionPolicy")]
    public StatefulSetPersistentVolumeClaimRetentionPolicyV1? PersistentVolumeClaimRetentionPolicy { get; set; }

    [YamlMember(Alias = "updateStrategy")]
    public StatefulSetUpdateStrategyV1? UpdateStrategy { get; set; }
}

public sealed class StatefulSetPersistentVolumeClaimRetentionPolicyV1;

public sealed class StatefulSetUpdateStrategyV1
{
    [YamlMember(Alias = "rollingUpdate")]
    public RollingUpdateStatefulSetStrategyV1? RollingUpdate { get; set; }

    [YamlMember(Alias = "type")]
    public string Type { get; set; } = "RollingUpdate";
}

public sealed class RollingUpdateStatefulSetStrategyV1;
