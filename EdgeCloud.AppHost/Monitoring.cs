using EdgeCloud.AppHost.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.AppHost;

/// <summary>Prometheus and Grafana with the files of observability/, the same ones as in the cluster.</summary>
internal static class Monitoring
{
    public const int PrometheusPort = 9090;
    public const int GrafanaPort = 3000;

    /// <summary>
    /// Prometheus: a container where there are containers (or a chart is being published), otherwise the one installed here, its data in a folder that goes with the
    /// application; null where there is neither.
    /// </summary>
    public static IResourceBuilder<IResourceWithEndpoints>? AddPrometheus(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ProjectResource> edge, IResourceBuilder<ProjectResource> server)
    {
        if (builder.ExecutionContext.IsPublishMode || ContainerRuntime.IsWanted(builder.Configuration))
        {
            return builder.AddContainer(name, "docker.io/prom/prometheus", "v3.5.0")
                .ShowPrometheus(edge, server)
                .RunPrometheus(edge, server)
                .PublishAsPrometheus(PrometheusPort, builder.ObservabilityFolder("prometheus"));
        }

        return InstalledPrometheus() is { } command ? builder.AddInstalledPrometheus(name, command, edge, server) : null;
    }

    /// <summary>Grafana in a container, open to look at for anybody; not where there are no containers.</summary>
    public static void AddGrafana(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithEndpoints>? prometheus)
    {
        if (prometheus is not IResourceBuilder<ContainerResource>)
            return;

        builder.AddContainer(name, "docker.io/grafana/grafana", "12.1.1")
            .WithIconName("ChartMultiple")
            .WithParentRelationship(prometheus)
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))

            // Whoever reaches it may look and may change nothing: there is no password to guess.
            .WithEnvironment("GF_AUTH_ANONYMOUS_ENABLED", "true")
            .WithEnvironment("GF_AUTH_DISABLE_LOGIN_FORM", "true")
            .WithEnvironment("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "true")
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
            .WithEnvironment("GF_PLUGINS_PREINSTALL_DISABLED", "true")
            .WithEnvironment("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", "/etc/edgecloud/dashboards/overview.json")
            .RunGrafana()
            .PublishAsGrafana(GrafanaPort, folder => builder.ObservabilityFolder("grafana", folder));
    }

    /// <summary>A folder of observability/.</summary>
    private static string ObservabilityFolder(this IDistributedApplicationBuilder builder, params ReadOnlySpan<string> folders) =>
        Path.GetFullPath(Path.Combine([builder.AppHostDirectory, "..", "observability", .. folders]));

    private static IResourceBuilder<ContainerResource> RunPrometheus(
        this IResourceBuilder<ContainerResource> prometheus, IResourceBuilder<ProjectResource> edge, IResourceBuilder<ProjectResource> server)
    {
        var builder = prometheus.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
            return prometheus;

        // A container sees the services under names and ports of its own, which Prometheus takes from a file only.
        return prometheus
            .WithHttpEndpoint(port: UnlessTaken(PrometheusPort), targetPort: PrometheusPort)
            .WithHttpHealthCheck("/-/ready")
            .WithBindMount(builder.ObservabilityFolder("prometheus"), "/etc/prometheus", isReadOnly: true)
            .WithEnvironment("EDGE", edge.GetEndpoint("http"))
            .WithEnvironment("SERVER", server.GetEndpoint("http"))
            .WithEntrypoint("/bin/sh")
            .WithArgs(
                "-c",
                $"cp /etc/prometheus/*.rules.yml /prometheus/ && sed -e \"s|{PrometheusFolder.Edge}|${{EDGE#http://}}|\" -e \"s|{PrometheusFolder.Server}|${{SERVER#http://}}|\" "
                + $"/etc/prometheus/{PrometheusFolder.ConfigurationFile} > /prometheus/{PrometheusFolder.ConfigurationFile} && exec /bin/prometheus "
                + $"--config.file=/prometheus/{PrometheusFolder.ConfigurationFile} --storage.tsdb.path=/prometheus/data --log.level=warn --enable-feature=exemplar-storage");
    }

    private static IResourceBuilder<ExecutableResource> AddInstalledPrometheus(
        this IDistributedApplicationBuilder builder, string name, string command, IResourceBuilder<ProjectResource> edge, IResourceBuilder<ProjectResource> server)
    {
        var folder = new PrometheusFolder();
        var prometheus = builder.AddExecutable(name, command, builder.AppHostDirectory)
            .WithHttpEndpoint(port: UnlessTaken(PrometheusPort))
            .WithHttpHealthCheck("/-/ready")
            .ShowPrometheus(edge, server);

        // Made when it is needed, and by the container of services, which takes it away again.
        builder.Services.AddSingleton(_ => folder);
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(prometheus.Resource, (starting, cancellationToken) =>
            starting.Services.GetRequiredService<PrometheusFolder>().FillAsync(builder.ObservabilityFolder("prometheus"), edge.GetEndpoint("http"), server.GetEndpoint("http"), cancellationToken));

        return prometheus.WithArgs(
            $"--config.file={folder.File(PrometheusFolder.ConfigurationFile)}",
            $"--storage.tsdb.path={folder.File("data")}",
            "--log.level=warn",
            "--enable-feature=exemplar-storage",
            ReferenceExpression.Create($"--web.listen-address=127.0.0.1:{prometheus.GetEndpoint("http").Property(EndpointProperty.TargetPort)}"));
    }

    private static IResourceBuilder<T> ShowPrometheus<T>(
        this IResourceBuilder<T> prometheus, IResourceBuilder<ProjectResource> edge, IResourceBuilder<ProjectResource> server)
        where T : IResourceWithEndpoints => prometheus
            .WithIconName("DataTrending")
            .WithReferenceRelationship(edge)
            .WithReferenceRelationship(server)
            .WithUrlForEndpoint("http", static url => url.DisplayText = "Prometheus")
            .WithUrlForEndpoint("http", static _ => new ResourceUrlAnnotation { Url = "/alerts", DisplayText = "Alerts" })
            .WithUrlForEndpoint("http", static _ => new ResourceUrlAnnotation { Url = "/targets", DisplayText = "Targets" });

    private static IResourceBuilder<ContainerResource> RunGrafana(this IResourceBuilder<ContainerResource> grafana)
    {
        var builder = grafana.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode
            ? grafana
            : grafana
                .WithHttpEndpoint(port: UnlessTaken(GrafanaPort), targetPort: GrafanaPort)
                .WithHttpHealthCheck("/api/health")
                .WithUrlForEndpoint("http", static url => url.DisplayText = "Dashboards")
                .WithBindMount(builder.ObservabilityFolder("grafana", "datasources"), "/etc/grafana/provisioning/datasources", isReadOnly: true)
                .WithBindMount(builder.ObservabilityFolder("grafana", "providers"), "/etc/grafana/provisioning/dashboards", isReadOnly: true)
                .WithBindMount(builder.ObservabilityFolder("grafana", "dashboards"), "/etc/edgecloud/dashboards", isReadOnly: true);
    }

    /// <summary>The port that everybody knows, or none in particular while another process has it.</summary>
    private static int? UnlessTaken(int port) => Ports.IsFree(port) ? port : null;

    private static string? InstalledPrometheus() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "prometheus.exe" : "prometheus"))
        .FirstOrDefault(File.Exists);
}
