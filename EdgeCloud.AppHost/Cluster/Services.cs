using System.Globalization;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>Edge and server in the cluster.</summary>
internal static class Services
{
    private const int ServerNodePort = 30902;
    private const string DataDirectory = "/var/lib/edgecloud";

    /// <summary>The cameras that the edge fetches from; whoever has some makes it, since addresses contain passwords.
    /// </summary>
    private static readonly SecretEnvSourceV1 Sources = new() { Name = "edge-sources", Optional = true };

    /// <summary>The zones and lines of the cameras' pictures; whoever has some makes it.</summary>
    private const string Zones = "edge-zones";

    private const string ZonesDirectory = "/etc/edgecloud/zones";

    /// <summary>The user "app" of .NET's images.</summary>
    private const long DotnetUser = 1654;

    /// <summary>A .NET host gives its services 30 s to stop.</summary>
    private const long DotnetGracePeriodSeconds = 40;

    private static readonly Pod EdgePod = new()
    {
        User = DotnetUser,
        CpuRequest = "100m",
        CpuLimit = "1",
        MemoryRequest = "256Mi",
        MemoryLimit = "512Mi",
        GracePeriodSeconds = DotnetGracePeriodSeconds,
    };

    private static readonly Pod ServerPod = new()
    {
        User = DotnetUser,
        CpuRequest = "100m",
        CpuLimit = "1",
        MemoryRequest = "192Mi",
        MemoryLimit = "512Mi",
        GracePeriodSeconds = DotnetGracePeriodSeconds,
    };

    /// <summary>
    /// No Service leads to the edge: frames come by kubectl port-forward, metrics are fetched from the pod.
    /// </summary>
    public static IResourceBuilder<ProjectResource> PublishAsEdge(this IResourceBuilder<ProjectResource> edge)
    {
        if (edge.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            edge.WithEnvironment("Edge__Events__OutboxPath", $"{DataDirectory}/outbox.db")
                .WithEnvironment("Edge__Zones__Path", $"{DataDirectory}/zones.json")
                .WithEnvironment("Edge__Zones__File", $"{ZonesDirectory}/zones.json");
        }

        return edge.CountAsHeld(EdgePod).PublishAsPod(EdgePod, published =>
        {
            published.Service = null;
            published.Container().EnvFrom.Add(new EnvFromSourceV1 { SecretRef = Sources });
            published.AddHttpProbes(ready: "/health", alive: "/alive");
            published.AddScratch("tmp", "/tmp", "64Mi");

            // The outbox keeps 64 MiB of events in a file of up to twice that, and a log of 4 MB.
            published.AddScratch("outbox", DataDirectory, "256Mi");
            published.AddOptionalMap(Zones, ZonesDirectory);
            published.LetPrometheusIn();
        });
    }

    public static IResourceBuilder<ProjectResource> PublishAsServer(this IResourceBuilder<ProjectResource> server) =>
        server.CountAsHeld(ServerPod).PublishAsPod(ServerPod, static published =>
        {
            published.Service!.Spec.Type = "NodePort";
            published.Service.Spec.Ports[0].NodePort = ServerNodePort;
            published.AddHttpProbes(ready: "/health", alive: "/alive");
            published.AddScratch("tmp", "/tmp", "64Mi");
            published.LetPrometheusIn();
        });

    /// <summary>
    /// What a pod requests is kept for it, which no container can see: its carbon is counted by that.
    /// </summary>
    private static IResourceBuilder<ProjectResource> CountAsHeld(
        this IResourceBuilder<ProjectResource> service, Pod pod) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? service
                .WithEnvironment(
                    "Carbon__ReservedCpus", (Amount(pod.CpuRequest, "m") / 1000).ToString(CultureInfo.InvariantCulture))
                .WithEnvironment(
                    "Carbon__ReservedMemoryBytes",
                    (Amount(pod.MemoryRequest, "Mi") * 1024 * 1024).ToString(CultureInfo.InvariantCulture))
            : service;

    private static decimal Amount(string quantity, string unit) =>
        decimal.Parse(quantity.AsSpan()[..^unit.Length], CultureInfo.InvariantCulture);

    /// <summary>observability/prometheus/prometheus.cluster.yml looks for this.</summary>
    private static void LetPrometheusIn(this KubernetesResource published) =>
        published.Workload!.PodTemplate.Metadata.Annotations["prometheus.io/scrape"] = "true";
}
