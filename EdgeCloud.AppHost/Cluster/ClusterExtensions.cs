using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace EdgeCloud.AppHost.Cluster;

/// <summary>
/// What the published chart says beyond Aspire's translation of the topology: names, probes, resources, confinement,
/// volumes. docs/adr/0009-kubernetes.md has the reasons and where the figures come from.
/// </summary>
internal static class ClusterExtensions
{
    private const string Namespace = "{{ .Release.Namespace }}";

    /// <summary>
    /// The application as a Helm chart. Aspire's dashboard stays at home: it would be one more service without a
    /// password.
    /// </summary>
    public static void AddCluster(this IDistributedApplicationBuilder builder) =>
        builder.AddKubernetesEnvironment("cluster")
            .WithHelm(static helm => helm
                .WithChartName("edgecloud")
                .WithChartDescription("EdgeCloud: an edge-to-cloud AI pipeline"))
            .WithProperties(static cluster => cluster.DashboardEnabled = false);

    /// <summary>
    /// Everything into the release's namespace, the workload under the resource's own name, as app=… too, in a pod that
    /// may do nothing but its work.
    /// </summary>
    public static IResourceBuilder<T> PublishAsPod<T>(
        this IResourceBuilder<T> builder, Pod pod, Action<KubernetesResource> configure)
        where T : IComputeResource => builder.PublishAsKubernetesService(published =>
        {
            var workload = published.Workload!;
            workload.Metadata.Name = builder.Resource.Name;
            workload.Metadata.Labels["app"] = builder.Resource.Name;
            workload.PodTemplate.Metadata.Labels["app"] = builder.Resource.Name;
            if (workload is Deployment { Spec.Replicas: 1 } deployment)
                ReplaceInPlace(deployment);

            Confine(workload.PodTemplate.Spec, pod);
            configure(published);
            published.AddFilesOf(builder.Resource);
            BaseKubernetesResource?[] named =
                [workload, published.ConfigMap, published.Service, .. published.AdditionalResources];
            foreach (var resource in named.OfType<BaseKubernetesResource>())
                resource.Metadata.Namespace = Namespace;
        });

    public static ContainerV1 Container(this KubernetesResource published) =>
        published.Workload!.PodTemplate.Spec.Containers[0];

    /// <summary>A directory that lives as long as the pod, in a container that can write nowhere else.</summary>
    public static void AddScratch(this KubernetesResource published, string name, string path, string sizeLimit)
    {
        var directory = new VolumeV1 { Name = name, EmptyDir = new() { SizeLimit = sizeLimit } };
        published.Workload!.PodTemplate.Spec.Volumes.Add(directory);
        published.Container().VolumeMounts.Add(new VolumeMountV1 { Name = name, MountPath = path });
    }

    /// <summary>A directory that outlives the pod, for one pod at a time.</summary>
    public static void AddClaim(this KubernetesResource published, string name, string path, string size)
    {
        var claim = NewClaim(name, size);
        published.AdditionalResources.Add(claim);
        published.Workload!.PodTemplate.Spec.Volumes.Add(
            new VolumeV1 { Name = name, PersistentVolumeClaim = new() { ClaimName = name } });
        published.Container().VolumeMounts.Add(new VolumeMountV1 { Name = name, MountPath = path });
    }

    /// <summary>Aspire's empty dataSource, dataSourceRef and selector would be rejected, or match no volume.</summary>
    public static PersistentVolumeClaim NewClaim(string name, string size) => new()
    {
        Metadata = { Name = name },
        Spec = new()
        {
            DataSource = null!,
            DataSourceRef = null!,
            Selector = null!,
            AccessModes = { "ReadWriteOnce" },
            Resources = { Requests = { ["storage"] = size } },

            // The default, said: kubectl compares claim templates as a whole, defaults included.
            VolumeMode = "Filesystem",
        },
    };

    /// <summary>
    /// Waits for <paramref name="alive"/> to start, then asks both; a container that is not ready is left alone, one
    /// that is not alive is restarted.
    /// </summary>
    public static void AddHttpProbes(this KubernetesResource published, string ready, string alive)
    {
        var container = published.Container();
        container.StartupProbe = Http(alive, periodSeconds: 2, failureThreshold: 60);

        // Asked at once, nothing listens yet, and each start would leave a warning among the events.
        container.StartupProbe.InitialDelaySeconds = 2;
        container.ReadinessProbe = Http(ready, periodSeconds: 5, failureThreshold: 2);
        container.LivenessProbe = Http(alive, periodSeconds: 10, failureThreshold: 3);
    }

    /// <summary>Asks whether its first port is open.</summary>
    public static void AddTcpProbes(this KubernetesResource published, int startupPeriodSeconds, int failureThreshold)
    {
        var container = published.Container();
        container.StartupProbe = Tcp(container, startupPeriodSeconds, failureThreshold);
        container.StartupProbe.InitialDelaySeconds = startupPeriodSeconds;
        container.ReadinessProbe = Tcp(container, periodSeconds: 10, failureThreshold: 2);
        container.LivenessProbe = Tcp(container, periodSeconds: 20, failureThreshold: 3);
    }

    private static ProbeV1 Tcp(ContainerV1 container, int periodSeconds, int failureThreshold) => new()
    {
        TcpSocket = new() { Port = (int)container.Ports[0].ContainerPort!.Number! },
        PeriodSeconds = periodSeconds,
        TimeoutSeconds = 3,
        FailureThreshold = failureThreshold,
    };

    private static ProbeV1 Http(string path, int periodSeconds, int failureThreshold) => new()
    {
        // Aspire's own WithHttpProbe writes the scheme in lower case, which an API server rejects.
        HttpGet = new() { Scheme = "HTTP", Path = path, Port = "http" },
        PeriodSeconds = periodSeconds,
        TimeoutSeconds = 3,
        FailureThreshold = failureThreshold,
    };

    /// <summary>
    /// The old pod is gone before the new one comes, where there is one. A rolling update does not wait for the end of
    /// a pod that terminates, and the outbox has one owner.
    /// </summary>
    private static void ReplaceInPlace(Deployment deployment)
    {
        deployment.Spec.Strategy.Type = "Recreate";
        deployment.Spec.Strategy.RollingUpdate = null!;
    }

    private static void Confine(PodSpecV1 spec, Pod pod)
    {
        spec.AutomountServiceAccountToken = pod.AsksTheApiServer;
        spec.EnableServiceLinks = false;
        spec.TerminationGracePeriodSeconds = pod.GracePeriodSeconds;
        spec.SecurityContext = new()
        {
            RunAsNonRoot = true,
            RunAsUser = pod.User,
            RunAsGroup = pod.User,
            FsGroup = pod.User,
            SeccompProfile = new() { Type = "RuntimeDefault" },
        };
        spec.Containers[0].SecurityContext = new()
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new() { Drop = { "ALL" } },
        };
        spec.Containers[0].Resources = new()
        {
            Requests = { ["cpu"] = pod.CpuRequest, ["memory"] = pod.MemoryRequest },
            Limits = { ["cpu"] = pod.CpuLimit, ["memory"] = pod.MemoryLimit },
        };
    }
}
