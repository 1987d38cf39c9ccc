namespace Aspire.Hosting.Kubernetes;

public sealed class KubernetesEnvironmentResource(string name) : Resource(name)
{
    /// <summary>Must be false here: there is no dashboard to publish.</summary>
    public bool DashboardEnabled { get; set; } = true;

    public string DefaultImagePullPolicy { get; set; } = "IfNotPresent";

    public string DefaultServiceType { get; set; } = "ClusterIP";

    internal string ChartName { get; set; } = "aspire";

    internal string ChartVersion { get; set; } = "0.1.0";

    internal string ChartDescription { get; set; } = "Aspire Helm Chart";
}
