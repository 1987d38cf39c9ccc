using System.Globalization;

namespace EdgeCloud.Cli.Deployment;

/// <summary>What a new cluster gets.</summary>
/// <param name="Driver">What Minikube runs it with.</param>
/// <param name="MemoryMegabytes">Its memory.</param>
/// <param name="Cpus">Its processors.</param>
/// <param name="DiskSize">In Minikube's notation, 20g; null leaves it to Minikube.</param>
internal sealed record ClusterSize(string Driver, int MemoryMegabytes, int Cpus, string? DiskSize)
{
    /// <summary>Holds the manifests and the cluster itself (docs/adr/0009-kubernetes.md).</summary>
    public const int DefaultMemoryMegabytes = 3072;
}

/// <summary>
/// A Minikube cluster and what of ours is in it. Minikube's profile and kubectl's context have one name, and every call
/// says it: no call depends on, or changes, which context kubectl happens to be at.
/// </summary>
internal sealed class Cluster(string context)
{
    public const string Namespace = "edgecloud";

    /// <summary>How long a workload may take to become ready; the first time Kafka's image must be pulled.</summary>
    private const string ReadyTimeout = "--timeout=300s";

    public string Context => context;

    /// <summary>What this machine has, or this container may have.</summary>
    public static long MachineMemoryMegabytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 20);

    /// <exception cref="DeploymentException">minikube or kubectl is not there.</exception>
    public static void RequireTools()
    {
        Tool.Minikube.Require();
        Tool.Kubectl.Require();
    }

    public Task<bool> IsRunningAsync(CancellationToken cancellationToken) =>
        Tool.Minikube.SucceedsAsync(["status", "--profile", context], cancellationToken);

    /// <summary>Starts it, leaving kubectl at the context it is at.</summary>
    /// <exception cref="DeploymentException">This machine has less memory than that, or minikube fails.</exception>
    public async Task StartAsync(ClusterSize size, CancellationToken cancellationToken)
    {
        if (MachineMemoryMegabytes < size.MemoryMegabytes)
            throw new DeploymentException($"The cluster is to have {size.MemoryMegabytes} MB of memory and this "
                + $"machine has {MachineMemoryMegabytes} MB. Ask for less with --memory.");
        if (size.Driver == Tool.Docker.Command && !await Tool.Docker.SucceedsAsync(["info"], cancellationToken))
            throw new DeploymentException("Minikube's docker driver needs docker, which does not answer. Start it, "
                + $"choose another driver with --driver, or: {Tool.Docker.WhenMissing}");

        await Tool.Minikube.RunAsync(
            [
                "start", "--profile", context, "--keep-context", "--driver", size.Driver,
                "--memory", size.MemoryMegabytes.ToString(CultureInfo.InvariantCulture),
                "--cpus", size.Cpus.ToString(CultureInfo.InvariantCulture),
                .. size.DiskSize is { } disk ? ["--disk-size", disk] : (string[])[],
            ],
            cancellationToken);
    }

    /// <param name="archive">Of an image.</param>
    /// <param name="image">Its name, tag included.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DeploymentException">The cluster does not have it then.</exception>
    public async Task LoadAsync(string archive, string image, CancellationToken cancellationToken)
    {
        await Tool.Minikube.RunAsync(["image", "load", "--profile", context, archive], cancellationToken);
        await RequireImageAsync(image, $"{archive} was loaded", cancellationToken);
    }

    /// <summary>minikube's image load and image build exit with 0 when they fail.</summary>
    /// <exception cref="DeploymentException">The cluster has no image of that name and tag.</exception>
    public async Task RequireImageAsync(string image, string after, CancellationToken cancellationToken)
    {
        var images = await Tool.Minikube.ReadAsync(["image", "ls", "--profile", context], cancellationToken);
        if (!images.Split('\n').Any(line => line.Trim() == image))
            throw new DeploymentException($"The cluster {context} has no image {image}, although {after} (minikube's "
                + "message is above). An archive holds the images of one commit; a full disk is the other usual cause: "
                + $"minikube ssh --profile {context} -- df -h /var");
    }

    public Task ApplyAsync(string manifests, CancellationToken cancellationToken) =>
        KubectlAsync(["apply", "--filename", "-"], cancellationToken, manifests);

    /// <summary>
    /// Returns when each Deployment and each StatefulSet is as it should be; kubectl tells how far they are.
    /// </summary>
    /// <exception cref="DeploymentException">One does not become ready; its pods and their logs are on the
    /// terminal by then.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var workloads = await Tool.Kubectl.ReadAsync(
            Arguments(["get", "deployments,statefulsets", "--output", "name"]), cancellationToken);
        foreach (var workload in workloads.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                await KubectlAsync(["rollout", "status", workload, ReadyTimeout], cancellationToken);
            }
            catch (DeploymentException)
            {
                await ShowAsync(cancellationToken);
                throw new DeploymentException(
                    $"{workload} did not become ready. See why: ./edgecloud minikube logs {workload.Split('/')[1]}");
            }
        }
    }

    /// <returns>Whether the Deployment is there and one of its pods is not available, as during a restart.</returns>
    public async Task<bool> IsBeingReplacedAsync(string deployment, CancellationToken cancellationToken)
    {
        try
        {
            var unavailable = await Tool.Kubectl.ReadAsync(
                Arguments(["get", $"deployment/{deployment}", "--output", "jsonpath={.status.unavailableReplicas}"]),
                cancellationToken);
            return unavailable is not ("" or "0");
        }
        catch (DeploymentException)
        {
            return false;
        }
    }

    public Task ShowAsync(CancellationToken cancellationToken) =>
        KubectlAsync(["get", "deployments,statefulsets,pods", "--output", "wide"], cancellationToken);

    /// <summary>
    /// The log of one workload, or without a name what happened in the namespace and the end of every log.
    /// </summary>
    public async Task LogsAsync(string? workload, bool follow, CancellationToken cancellationToken)
    {
        if (workload is not null)
        {
            await KubectlAsync(
                ["logs", await FindAsync(workload, cancellationToken), "--all-containers", "--prefix",
                    .. follow ? ["--follow"] : (string[])[]], cancellationToken, isEndless: follow);
            return;
        }

        await ShowAsync(cancellationToken);
        await KubectlAsync(["get", "events", "--sort-by", ".lastTimestamp"], cancellationToken);
        var pods = await Tool.Kubectl.ReadAsync(Arguments(["get", "pods", "--output", "name"]), cancellationToken);
        foreach (var pod in pods.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A pod whose image does not come has no log, and the others' are all the more wanted.
            try
            {
                await KubectlAsync(["logs", pod, "--all-containers", "--prefix", "--tail=500"], cancellationToken);
            }
            catch (DeploymentException)
            {
                continue;
            }
        }
    }

    /// <summary>The namespace and with it all that was applied, Kafka's data too.</summary>
    public Task RemoveAsync(CancellationToken cancellationToken) =>
        KubectlAsync(["delete", "namespace", Namespace, "--ignore-not-found"], cancellationToken, inNamespace: false);

    public Task PurgeAsync(CancellationToken cancellationToken) =>
        Tool.Minikube.RunAsync(["delete", "--profile", context], cancellationToken);

    public string[] Arguments(string[] arguments, bool inNamespace = true) =>
        ["--context", context, .. inNamespace ? ["--namespace", Namespace] : (string[])[], .. arguments];

    private async Task<string> FindAsync(string workload, CancellationToken cancellationToken)
    {
        var workloads = (await Tool.Kubectl.ReadAsync(
            Arguments(["get", "deployments,statefulsets", "--output", "name"]), cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return workloads.FirstOrDefault(name => name.EndsWith($"/{workload}", StringComparison.Ordinal))
            ?? throw new DeploymentException($"There is no workload {workload}; there are: "
                + $"{string.Join(", ", workloads.Select(name => name.Split('/')[1]))}.");
    }

    private Task KubectlAsync(
        string[] arguments, CancellationToken cancellationToken, string? input = null, bool inNamespace = true,
        bool isEndless = false) =>
        Tool.Kubectl.RunAsync(Arguments(arguments, inNamespace), cancellationToken, input, isEndless);
}
