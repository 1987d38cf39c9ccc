using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes.Resources;

namespace Aspire.Hosting.Kubernetes;

/// <summary>
/// The Kubernetes objects of one resource of the application, as <c>PublishAsKubernetesService</c> may change them.
/// </summary>
public class KubernetesResource : Resource
{
    internal KubernetesResource(string name) : base(name)
    {
    }

    public Workload? Workload { get; set; }

    public ConfigMap? ConfigMap { get; set; }

    public Service? Service { get; set; }

    public List<BaseKubernetesResource> AdditionalResources { get; } = [];
}
