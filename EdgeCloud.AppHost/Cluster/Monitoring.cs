using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>Prometheus, which finds the pods itself, and Grafana, which comes with data source and dashboards; the files are those of observability/.</summary>
internal static class Monitoring
{
    private static readonly Pod PrometheusPod = new()
    {
        User = 65534,
        CpuRequest = "50m",
        CpuLimit = "500m",
        MemoryRequest = "128Mi",
        MemoryLimit = "256Mi",
        GracePeriodSeconds = 30,
        AsksTheApiServer = true,
    };

    private static readonly Pod GrafanaPod = new()
    {
        User = 472,
        CpuRequest = "50m",
        CpuLimit = "500m",
        MemoryRequest = "128Mi",
        MemoryLimit = "256Mi",
        GracePeriodSeconds = 30,
    };

    public static void AddMonitoring(this IDistributedApplicationBuilder builder)
    {
        var observability = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "observability"));

        var prometheus = builder.AddContainer("prometheus", "docker.io/prom/prometheus", "v3.5.0")
            .WithHttpEndpoint(targetPort: 9090)
            .WithArgs("--config.file=/etc/prometheus/prometheus.cluster.yml", "--storage.tsdb.path=/prometheus", "--storage.tsdb.retention.size=256MB")
            .PublishAsPod(PrometheusPod, published =>
            {
                published.AddHttpProbes(ready: "/-/ready", alive: "/-/healthy");
                published.AddScratch("data", "/prometheus", "512Mi");
                published.AddFiles("files", "/etc/prometheus", Path.Combine(observability, "prometheus"));
                published.AllowPodDiscovery();
            });

        builder.AddContainer("grafana", "docker.io/grafana/grafana", "12.1.1")
            .WithHttpEndpoint(targetPort: 3000)
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))

            // Whoever reaches it may look and may change nothing: there is no password to guess.
            .WithEnvironment("GF_AUTH_ANONYMOUS_ENABLED", "true")
            .WithEnvironment("GF_AUTH_DISABLE_LOGIN_FORM", "true")
            .WithEnvironment("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "true")
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
            .WithEnvironment("GF_PLUGINS_PREINSTALL_DISABLED", "true")
            .PublishAsPod(GrafanaPod, published =>
            {
                published.AddHttpProbes(ready: "/api/health", alive: "/api/health");
                published.AddScratch("data", "/var/lib/grafana", "128Mi");
                published.AddScratch("tmp", "/tmp", "64Mi");
                published.AddFiles("datasources", "/etc/grafana/provisioning/datasources", Path.Combine(observability, "grafana", "datasources"));
                published.AddFiles("providers", "/etc/grafana/provisioning/dashboards", Path.Combine(observability, "grafana", "providers"));
                published.AddFiles("dashboards", "/etc/edgecloud/dashboards", Path.Combine(observability, "grafana", "dashboards"));
            });
    }

    /// <summary>The least that finding pods takes: reading those of its own namespace.</summary>
    private static void AllowPodDiscovery(this KubernetesResource published)
    {
        const string Discovery = "prometheus-discovery";
        published.Workload!.PodTemplate.Spec.ServiceAccountName = Discovery;
        published.AdditionalResources.Add(new ServiceAccountV1 { Metadata = { Name = Discovery } });
        published.AdditionalResources.Add(new Role
        {
            Metadata = { Name = "prometheus-role" },
            Rules = { new() { ApiGroups = { "" }, Resources = { "pods" }, Verbs = { "get", "list", "watch" } } },
        });
        published.AdditionalResources.Add(new RoleBinding
        {
            Metadata = { Name = "prometheus-rolebinding" },
            RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "prometheus-role" },
            Subjects = { new() { Kind = "ServiceAccount", Name = Discovery, Namespace = "{{ .Release.Namespace }}" } },
        });
    }
}
