using YamlDotNet.Serialization;

namespace Aspire.Hosting.Kubernetes.Resources;

public sealed class ContainerV1
{
    [YamlMember(Alias = "command")]
    public List<string> Command { get; } = [];

    [YamlMember(Alias = "image")]
    public string Image { get; set; } = null!;

    [YamlMember(Alias = "livenessProbe")]
    public ProbeV1? LivenessProbe { get; set; }

    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "readinessProbe")]
    public ProbeV1? ReadinessProbe { get; set; }

    [YamlMember(Alias = "startupProbe")]
    public ProbeV1? StartupProbe { get; set; }

    [YamlMember(Alias = "envFrom")]
    public List<EnvFromSourceV1> EnvFrom { get; } = [];

    [YamlMember(Alias = "args")]
    public List<string> Args { get; } = [];

    [YamlMember(Alias = "ports")]
    public List<ContainerPortV1> Ports { get; } = [];

    [YamlMember(Alias = "resources")]
    public ResourceRequirementsV1? Resources { get; set; }

    [YamlMember(Alias = "volumeMounts")]
    public List<VolumeMountV1> VolumeMounts { get; } = [];

    [YamlMember(Alias = "securityContext")]
    public SecurityContextV1? SecurityContext { get; set; }

    [YamlMember(Alias = "env")]
    public List<EnvVarV1> Env { get; } = [];

    [YamlMember(Alias = "imagePullPolicy")]
    public string ImagePullPolicy { get; set; } = "IfNotPresent";
}

public sealed class EnvFromSourceV1
{
    [YamlMember(Alias = "configMapRef")]
    public ConfigMapEnvSourceV1? ConfigMapRef { get; set; }

    [YamlMember(Alias = "secretRef")]
    public SecretEnvSourceV1? SecretRef { get; set; }
}

public sealed class ConfigMapEnvSourceV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;
}

public sealed class SecretEnvSourceV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "optional")]
    public bool? Optional { get; set; }
}

public sealed class EnvVarV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "valueFrom")]
    public EnvVarSourceV1? ValueFrom { get; set; }
}

public sealed class EnvVarSourceV1
{
    [YamlMember(Alias = "secretKeyRef")]
    public SecretKeySelectorV1? SecretKeyRef { get; set; }
}

public sealed class SecretKeySelectorV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "key")]
    public string Key { get; set; } = null!;
}

public sealed class ContainerPortV1
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = null!;

    [YamlMember(Alias = "protocol")]
    public string Protocol { get; set; } = null!;

    [YamlMember(Alias = "containerPort")]
    public Int32OrStringV1? ContainerPort { get; set; }
}

public sealed class ResourceRequirementsV1
{
    [YamlMember(Alias = "limits")]
    public Dictionary<string, string> Limits { get; } = [];

    [YamlMember(Alias = "requests")]
    public Dictionary<string, string> Requests { get; } = [];
}

public sealed class SecurityContextV1
{
    [YamlMember(Alias = "readOnlyRootFilesystem")]
    public bool? ReadOnlyRootFilesystem { get; set; }

    [YamlMember(Alias = "allowPrivilegeEscalation")]
    public bool? AllowPrivilegeEscalation { get; set; }

    [YamlMember(Alias = "capabilities")]
    public CapabilitiesV1? Capabilities { get; set; }
}

public sealed class CapabilitiesV1
{
    [YamlMember(Alias = "drop")]
    public List<string> Drop { get; } = [];
}
