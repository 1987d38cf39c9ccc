using EdgeCloud.AppHost.Cluster;

namespace EdgeCloud.AppHost;

/// <summary>Grafana with its data source and its dashboards, a container or a pod.</summary>
internal static class Grafana
{
    public const int Port = 3000;

    private const string Image = "docker.io/grafana/grafana";
    private const string Version =
        "12.1.1@sha256:a1701c2180249361737a99a01bc770db39381640e4d631825d38ff4535efa47d";

    private const string Health = "/api/health";

    private static readonly Pod Pod = new()
    {
        User = 472,
        CpuRequest = "50m",
        CpuLimit = "500m",
        MemoryRequest = "128Mi",
        MemoryLimit = "256Mi",
        GracePeriodSeconds = 30,
    };

    /// <summary>Open to look at for anybody; not where there are no containers.</summary>
    public static void AddGrafana(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithEndpoints>? prometheus)
    {
        if (prometheus is not IResourceBuilder<ContainerResource>)
            return;

        builder.AddContainer(name, Image, Version)
            .WithHttpEndpoint(port: builder.UnlessTaken(Port), targetPort: Port)
            .WithHttpHealthCheck(Health)
            .WithUrlForEndpoint("http", static url => url.DisplayText = "Dashboards")
            .WithIconName("ChartMultiple")
            .WithParentRelationship(prometheus)
            .WithFiles("datasources", "/etc/grafana/provisioning/datasources", "observability/grafana/datasources")
            .WithFiles("providers", "/etc/grafana/provisioning/dashboards", "observability/grafana/providers")
            .WithFiles("dashboards", "/etc/edgecloud/dashboards", "observability/grafana/dashboards")
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))

            // Whoever reaches it may look and may change nothing: there is no password to guess.
            .WithEnvironment("GF_AUTH_ANONYMOUS_ENABLED", "true")
            .WithEnvironment("GF_AUTH_DISABLE_LOGIN_FORM", "true")
            .WithEnvironment("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "true")
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
            .WithEnvironment("GF_PLUGINS_PREINSTALL_DISABLED", "true")
            .WithEnvironment("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", "/etc/edgecloud/dashboards/overview.json")
            .PublishAsPod(Pod, static published =>
            {
                published.AddHttpProbes(ready: Health, alive: Health);
                published.AddScratch("data", "/var/lib/grafana", "128Mi");
                published.AddScratch("tmp", "/tmp", "64Mi");
            });
    }
}
