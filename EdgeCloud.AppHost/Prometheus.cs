using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;
using EdgeCloud.AppHost.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.AppHost;

/// <summary>Prometheus: a container, the one installed here, or a pod, which finds the other pods itself.</summary>
internal static class Prometheus
{
    public const int Port = 9090;

    private const string Image = "docker.io/prom/prometheus";
    private const string Version =
        "v3.5.0@sha256:63805ebb8d2b3920190daf1cb14a60871b16fd38bed42b857a3182bc621f4996";

    private const string Files = "observability/prometheus";
    private const string FilesDirectory = "/etc/prometheus";
    private const string DataDirectory = "/prometheus";
    private const string Quiet = "--log.level=warn";

    private static readonly Pod Pod = new()
    {
        User = 65534,
        CpuRequest = "50m",
        CpuLimit = "500m",
        MemoryRequest = "128Mi",
        MemoryLimit = "256Mi",
        GracePeriodSeconds = 30,
        AsksTheApiServer = true,
    };

    /// <summary>
    /// A container where there are containers (or a chart is being published), otherwise the one installed here, its
    /// data in a folder that goes with the application; null where there is neither.
    /// </summary>
    public static IResourceBuilder<IResourceWithEndpoints>? AddPrometheus(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ProjectResource> edge,
        IResourceBuilder<ProjectResource> server)
    {
        if (builder.ExecutionContext.IsPublishMode || ContainerRuntime.IsWanted(builder.Configuration))
        {
            var container = builder.AddContainer(name, Image, Version)
                .AsPrometheus(Port, edge, server)
                .WithFiles("files", FilesDirectory, Files);
            return builder.ExecutionContext.IsPublishMode ? container.InCluster() : container.Here(edge, server);
        }

        return Installed() is { } command ? builder.AddInstalled(name, command, edge, server) : null;
    }

    private static IResourceBuilder<T> AsPrometheus<T>(
        this IResourceBuilder<T> prometheus,
        int? targetPort,
        IResourceBuilder<ProjectResource> edge,
        IResourceBuilder<ProjectResource> server)
        where T : IResourceWithEndpoints => prometheus
            .WithHttpEndpoint(port: prometheus.ApplicationBuilder.UnlessTaken(Port), targetPort: targetPort)
            .WithHttpHealthCheck("/-/ready")
            .WithIconName("DataTrending")
            .WithReferenceRelationship(edge)
            .WithReferenceRelationship(server)
            .WithUrlForEndpoint("http", static url => url.DisplayText = "Prometheus")
            .WithUrlForEndpoint("http", static _ => new() { Url = "/alerts", DisplayText = "Alerts" })
            .WithUrlForEndpoint("http", static _ => new() { Url = "/targets", DisplayText = "Targets" });

    private static string[] Arguments(string configuration, string data, string further) =>
        [$"--config.file={configuration}", $"--storage.tsdb.path={data}", further, "--enable-feature=exemplar-storage"];

    /// <summary>
    /// A container sees the services under names and ports of its own, which Prometheus takes from a file only.
    /// </summary>
    private static IResourceBuilder<ContainerResource> Here(
        this IResourceBuilder<ContainerResource> prometheus,
        IResourceBuilder<ProjectResource> edge,
        IResourceBuilder<ProjectResource> server)
    {
        const string Configuration = PrometheusFolder.ConfigurationFile;
        var arguments = Arguments($"{DataDirectory}/{Configuration}", $"{DataDirectory}/data", Quiet);
        return prometheus
            .WithEnvironment("EDGE", edge.GetEndpoint("http"))
            .WithEnvironment("SERVER", server.GetEndpoint("http"))
            .WithEntrypoint("/bin/sh")
            .WithArgs(
                "-c",
                $"cp {FilesDirectory}/*.rules.yml {DataDirectory}/ && "
                + $"sed -e \"s|{PrometheusFolder.Edge}|${{EDGE#http://}}|\" "
                + $"-e \"s|{PrometheusFolder.Server}|${{SERVER#http://}}|\" "
                + $"{FilesDirectory}/{Configuration} > {DataDirectory}/{Configuration} && "
                + $"exec /bin/prometheus {string.Join(' ', arguments)}");
    }

    private static IResourceBuilder<ExecutableResource> AddInstalled(
        this IDistributedApplicationBuilder builder,
        string name,
        string command,
        IResourceBuilder<ProjectResource> edge,
        IResourceBuilder<ProjectResource> server)
    {
        var folder = new PrometheusFolder();
        var source = builder.RepositoryFolder(Files);
        var prometheus = builder.AddExecutable(name, command, builder.AppHostDirectory)
            .AsPrometheus(targetPort: null, edge, server);

        // Made when it is needed, and by the container of services, which takes it away again.
        builder.Services.AddSingleton(_ => folder);
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(prometheus.Resource, (starting, cancellationToken) =>
            starting.Services.GetRequiredService<PrometheusFolder>().FillAsync(
                source, edge.GetEndpoint("http"), server.GetEndpoint("http"), cancellationToken));

        var port = prometheus.GetEndpoint("http").Property(EndpointProperty.TargetPort);
        return prometheus
            .WithArgs([.. Arguments(folder.File(PrometheusFolder.ConfigurationFile), folder.File("data"), Quiet)])
            .WithArgs(ReferenceExpression.Create($"--web.listen-address=127.0.0.1:{port}"));
    }

    private static string? Installed() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "prometheus.exe" : "prometheus"))
            .FirstOrDefault(File.Exists);

    private static IResourceBuilder<ContainerResource> InCluster(this IResourceBuilder<ContainerResource> prometheus) =>
        prometheus
            .WithArgs(Arguments(
                $"{FilesDirectory}/prometheus.cluster.yml", DataDirectory, "--storage.tsdb.retention.size=256MB"))
            .PublishAsPod(Pod, static published =>
            {
                published.AddHttpProbes(ready: "/-/ready", alive: "/-/healthy");
                published.AddScratch("data", DataDirectory, "512Mi");
                published.AllowPodDiscovery();
            });

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
