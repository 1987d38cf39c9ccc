using System.Globalization;
using System.Text.Json.Nodes;
using EdgeCloud.Cli.Deployment;

namespace EdgeCloud.Tests.AppHost.Cluster;

public sealed class ConfinementTests
{
    private const double Mebi = 1 << 20;

    [Fact]
    public void No_container_is_root_may_become_it_or_writes_but_to_volumes() =>
        Assert.All(Checkout.Workloads, workload =>
        {
            var pod = workload.Pod()["spec"]!["securityContext"]!;
            Assert.True(pod["runAsNonRoot"]!.GetValue<bool>());
            Assert.NotEqual("0", pod.Text("runAsUser"));
            Assert.Equal(pod.Text("runAsUser"), pod.Text("fsGroup"));
            Assert.Equal("RuntimeDefault", pod["seccompProfile"]!.Text("type"));

            var container = workload.Container()["securityContext"]!;
            Assert.True(container["readOnlyRootFilesystem"]!.GetValue<bool>());
            Assert.False(container["allowPrivilegeEscalation"]!.GetValue<bool>());
            Assert.Equal("[\"ALL\"]", container["capabilities"]!["drop"]!.ToJsonString());
        });

    [Fact]
    public void The_nodes_own_files_network_and_processes_are_out_of_reach() =>
        Assert.All(Checkout.Workloads, workload =>
        {
            Assert.DoesNotContain(
                workload.Pod()["spec"]!.AsObject(), field => field.Key.StartsWith("host", StringComparison.Ordinal));
            Assert.DoesNotContain("hostPath", workload.ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("hostPort", workload.ToJsonString(), StringComparison.Ordinal);
        });

    [Fact]
    public void Only_Prometheus_may_ask_the_API_server_and_only_for_pods()
    {
        Assert.Equal("prometheus", Assert.Single(Checkout.Workloads, workload =>
            workload.Pod()["spec"]!["automountServiceAccountToken"]!.GetValue<bool>()).Name());

        var rule = Assert.Single(Assert.Single(Checkout.Of("Role")).Items("rules"));
        Assert.Equal("""{"apiGroups":[""],"resources":["pods"],"verbs":["get","list","watch"]}""", rule.ToJsonString());
        var binding = Assert.Single(Checkout.Of("RoleBinding"));
        Assert.Equal(Checkout.Of("Role").Single().Name(), binding["roleRef"]!.Text("name"));
        Assert.Equal(
            Checkout.Workload("prometheus").Pod()["spec"]!.Text("serviceAccountName"),
            binding["subjects"]![0]!.Text("name"));
        Assert.Equal(Checkout.Of("ServiceAccount").Single().Name(), binding["subjects"]![0]!.Text("name"));
    }

    /// <summary>Helm creates a namespace without a label, and no chart can add one to it.</summary>
    [Fact]
    public void The_namespace_enforces_the_strictest_standard_and_Helms_notes_say_how_another_does()
    {
        var (label, standard) = Assert.Single(Checkout.Of("Namespace").Single()["metadata"]!["labels"].Pairs());
        Assert.Equal(("pod-security.kubernetes.io/enforce", "restricted"), (label, standard));
        Assert.Contains(
            $"kubectl label --overwrite namespace {{{{ .Release.Namespace }}}} {label}={standard}\n",
            File.ReadAllText(Path.Combine(Checkout.Manifests, "chart", "templates", "NOTES.txt")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_pinned_by_digest_and_ours_are_pulled_from_nowhere() =>
        Assert.All(Checkout.Workloads, workload =>
        {
            var image = workload.Container().Text("image");
            Assert.Equal("IfNotPresent", workload.Container().Text("imagePullPolicy"));
            if (workload.Name() is "edge" or "server")
                Assert.Equal($"edgecloud-{workload.Name()}:dev", image);
            else
                Assert.Matches(@"^docker\.io/[a-z/-]+:v?\d+(\.\d+){1,2}@sha256:[0-9a-f]{64}$", image);
        });

    [Fact]
    public void The_values_of_the_chart_name_no_latest_image_either() =>
        Assert.DoesNotContain(
            ":latest", File.ReadAllText(Path.Combine(Checkout.Manifests, "chart", "values.yaml")),
            StringComparison.Ordinal);

    [Fact]
    public void Requests_are_within_limits() => Assert.All(Checkout.Workloads, workload =>
    {
        var resources = workload.Container()["resources"]!;
        Assert.InRange(Cores(resources["requests"]!), 0.01, Cores(resources["limits"]!));
        Assert.InRange(Memory(resources["requests"]!), Mebi, Memory(resources["limits"]!));
    });

    /// <summary>
    /// minikube's own pods request 750m and 170 Mi, and take more than they say;
    /// docs/adr/0009-kubernetes.md adds it up.
    /// </summary>
    [Fact]
    public void Everything_fits_a_minikube_of_2_CPUs_and_2048_MB_with_room_for_the_cluster_itself()
    {
        Assert.InRange(Sum(Checkout.Files, "requests", Cores), 0.1, 2 - 1);
        Assert.InRange(Sum(Checkout.Files, "requests", Memory) / Mebi, 100, 2048 - 768);
    }

    /// <summary>Each at its limit at once, beside what a control plane takes.</summary>
    [Fact]
    public void The_default_cluster_has_room_for_all_that_the_pods_may_take() => Assert.InRange(
        Sum(Checkout.Files, "limits", Memory) / Mebi, 100, ClusterSize.DefaultMemoryMegabytes - 768);

    /// <summary>docs/kubernetes.md asks for it.</summary>
    [Fact]
    public void With_PostgreSQL_and_two_servers_4_GiB_have_room()
    {
        var all = Checkout.Files.Where(file => !Checkout.Overlay.ContainsKey(file.Key)).Concat(Checkout.Overlay)
            .ToDictionary();
        Assert.InRange(Sum(all, "requests", Cores), 0.1, 2 - 1);
        Assert.InRange(Sum(all, "limits", Memory) / Mebi, 100, 4096 - 768);
    }

    [Fact]
    public void A_new_version_starts_when_the_old_one_has_ended() =>
        Assert.All(Checkout.Of("Deployment"), deployment =>
        {
            Assert.Equal("1", deployment["spec"]!.Text("replicas"));
            Assert.Equal("""{"type":"Recreate"}""", deployment["spec"]!["strategy"]!.ToJsonString());
        });

    /// <summary>Nothing listens at once, and each probe that fails is a warning among the events.</summary>
    [Fact]
    public void The_first_question_waits_until_there_may_be_an_answer() =>
        Assert.All(Checkout.Workloads, workload =>
            Assert.InRange(workload.Container()["startupProbe"]!["initialDelaySeconds"]!.GetValue<int>(), 2, 5));

    [Fact]
    public void Services_of_NET_get_more_time_to_stop_than_their_host_takes() =>
        Assert.All(new[] { "edge", "server" }, name =>
            Assert.True(Checkout.Workload(name).Pod()["spec"]!["terminationGracePeriodSeconds"]!.GetValue<int>()
                > new Microsoft.Extensions.Hosting.HostOptions().ShutdownTimeout.TotalSeconds));

    private static double Sum(
        IReadOnlyDictionary<string, JsonNode[]> files, string which, Func<JsonNode, double> amount) =>
        files.SelectMany(file => file.Value).Where(o => o.Text("kind") is "Deployment" or "StatefulSet")
            .Sum(workload => amount(workload.Container()["resources"]![which]!)
                * workload["spec"]!["replicas"]!.GetValue<double>());

    private static double Cores(JsonNode amounts)
    {
        var text = amounts.Text("cpu");
        return text.EndsWith('m')
            ? double.Parse(text[..^1], CultureInfo.InvariantCulture) / 1000
            : double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static double Memory(JsonNode amounts)
    {
        var text = amounts.Text("memory");
        Assert.EndsWith("Mi", text, StringComparison.Ordinal);
        return double.Parse(text[..^2], CultureInfo.InvariantCulture) * Mebi;
    }
}
