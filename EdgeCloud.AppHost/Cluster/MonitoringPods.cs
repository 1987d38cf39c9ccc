using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>Prometheus, which finds the pods itself, and Grafana, which comes with data source and dashboards; the files are those of observability/.</summary>
internal static class MonitoringPods
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

    /// <param name="prometheus">The container.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="folder">The folder of its configuration.</param>
    public static IResourceBuilder<ContainerResource> PublishAsPrometheus(
        this IResourceBuilder<ContainerResource> prometheus, int port, string folder)
    {
        if (!prometheus.ApplicationBuilder.ExecutionContext.IsPublishMode)
            return prometheus;

        return prometheus.WithHttpEndpoint(targetPort: port)
            .WithArgs(
                "--config.file=/etc/prometheus/prometheus.cluster.yml",
                "--storage.tsdb.path=/prometheus",
                "--storage.tsdb.retention.size=256MB",
                "--enable-feature=exemplar-storage")
            .PublishAsPod(PrometheusPod, published =>
            {
                published.AddHttpProbes(ready: "/-/ready", alive: "/-/healthy");
                published.AddScratch("data", "/prometheus", "512Mi");
                published.AddFiles("files", "/etc/prometheus", folder);
                published.AllowPodDiscovery();
            });
    }

    /// <param name="grafana">The container.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="folder">The folder of its datasources, its providers, its dashboards.</param>
    public static void PublishAsGrafana(
        this IResourceBuilder<ContainerResource> grafana, int port, Func<string, string> folder)
    {
        if (!grafana.ApplicationBuilder.ExecutionContext.IsPublishMode)
            return;

        grafana.WithHttpEndpoint(targetPort: port).PublishAsPod(GrafanaPod, published =>
        {
            published.AddHttpProbes(ready: "/api/health", alive: "/api/health");
            published.AddScratch("data", "/var/lib/grafana", "128Mi");
            published.AddScratch("tmp", "/tmp", "64Mi");
            published.AddFiles("datasources", "/etc/grafana/provisioning/datasources", folder("datasources"));
            published.AddFiles("providers", "/etc/grafana/provisioning/dashboards", folder("providers"));
            published.AddFiles("dashboards", "/etc/edgecloud/dashboards", folder("dashboards"));
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
