using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class Role() : BaseKubernetesResource("rbac.authorization.k8s.io/v1", "Role")
{
    [YamlMember(Alias = "rules")]
    public List<PolicyRuleV1> Rules { get; } = [];
}

public sealed class PolicyRuleV1
{
    [YamlMember(Alias = "apiGroups")]
    public List<string> ApiGroups { get; } = [];

    [YamlMember(Alias = "resources")]
    public List<string> Resources { get; } = [];

    [YamlMember(Alias = "verbs")]
    public List<string> Verbs { get; } = [];
}

public sealed class RoleBinding() : BaseKubernetesResource("rbac.authorization.k8s.io/v1", "RoleBinding")
{
    [YamlMember(Alias = "roleRef")]
    public RoleRefV1 RoleRef { get; set; } = new();

    [YamlMember(Alias = "subjects")]
    public List<SubjectV1> Subjects { get; } = [];
}

public sealed class RoleRefV1
{
    [YamlMember(Alias = "kind")]
    public string Kind { get; set; } = null!;

    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "apiGroup")]
    public string ApiGroup { get; set; } = null!;
}

public sealed class SubjectV1
{
    [YamlMember(Alias = "kind")]
    public string Kind { get; set; } = null!;

    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "namespace")]
    public string Namespace { get; set; } = null!;
}

public sealed class ServiceAccountV1() : BaseKubernetesResource("v1", "ServiceAccount");
