using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Kubernetes;

public sealed class HelmChartOptions
{
    private readonly KubernetesEnvironmentResource _environment;

    internal HelmChartOptions(KubernetesEnvironmentResource environment) => _environment = environment;

    public HelmChartOptions WithChartName(string name)
    {
        _environment.ChartName = name;
        return this;
    }

    public HelmChartOptions WithChartDescription(string description)
    {
        _environment.ChartDescription = description;
        return this;
    }
}
