using System.Text.RegularExpressions;

namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud minikube</c>, by what it calls.</summary>
public sealed partial class MinikubeTests : IDisposable
{
    private const string Kubectl = "kubectl --context minikube --namespace edgecloud";
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private const string Tag = "0123456789ab";

    private readonly RecordedTools _tools = new();
    private readonly string _manifests;

    public MinikubeTests() =>
        _manifests = _tools.Manifests("apache/kafka:4.1.0", "edgecloud-edge:dev", "edgecloud-server:dev");

    [Fact]
    public async Task Up_starts_the_cluster_builds_loads_applies_and_waits_for_each_workload()
    {
        var (exitCode, output) = await UpAsync();

        Assert.True(exitCode == 0, output);
        string[] build = [$"--build-arg=REVISION={Commit}", "--build-arg=SOURCE_DATE_EPOCH=1767225600", "."];
        Assert.Equal(
            [
                "minikube start --profile minikube --keep-context --driver docker --memory 3072 --cpus 2",
                "docker build --file docker/Dockerfile.edge --tag "
                + $"docker.io/library/edgecloud-edge:{Tag} {string.Join(' ', build)}",
                "docker build --file docker/Dockerfile.server --tag "
                + $"docker.io/library/edgecloud-server:{Tag} {string.Join(' ', build)}",
                $"docker save --output /tmp/*/edgecloud-edge.tar docker.io/library/edgecloud-edge:{Tag}",
                $"docker save --output /tmp/*/edgecloud-server.tar docker.io/library/edgecloud-server:{Tag}",
                "minikube image load --profile minikube /tmp/*/edgecloud-edge.tar",
                "minikube image load --profile minikube /tmp/*/edgecloud-server.tar",
                $"{Kubectl} apply --filename -",
                $"{Kubectl} rollout status deployment.apps/edge --timeout=300s",
                $"{Kubectl} rollout status statefulset.apps/kafka --timeout=300s",
            ],
            _tools.Deeds.Select(deed => TemporaryFolder().Replace(deed, "/tmp/*/")));
    }

    [Fact]
    public async Task Our_images_are_applied_under_the_commits_tag_and_the_others_as_they_are()
    {
        await UpAsync();

        Assert.StartsWith("kind: Namespace", _tools.Applied, StringComparison.Ordinal);
        Assert.Equal(
            ["apache/kafka:4.1.0",
                "docker.io/library/edgecloud-edge:" + Tag, "docker.io/library/edgecloud-server:" + Tag],
            ImageLine().Matches(_tools.Applied).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task The_published_manifests_are_what_is_applied_unless_told_otherwise()
    {
        var (exitCode, output) = await _tools.RunAsync("minikube", "up", "--no-forward");
        Assert.True(exitCode == 0, output);
        Assert.Contains($"image: \"docker.io/library/edgecloud-edge:{Tag}\"", _tools.Applied, StringComparison.Ordinal);
        Assert.Contains("kind: \"StatefulSet\"", _tools.Applied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_runs_is_not_started_and_images_that_exist_are_not_built()
    {
        var archives = Directory.CreateDirectory(Path.Combine(_manifests, "images")).FullName;
        File.WriteAllText(Path.Combine(archives, "edgecloud-edge.tar"), "");
        File.WriteAllText(Path.Combine(archives, "edgecloud-server.tar"), "");
        _tools.On("minikube", "status *", "exit 0")
            .On("minikube", "image ls *", $"echo '{Image("edge")}'; echo '{Image("server")}'");

        var (exitCode, output) = await UpAsync("--images", archives);

        Assert.True(exitCode == 0, output);
        Assert.StartsWith("minikube image load", _tools.Deeds[0], StringComparison.Ordinal);
        Assert.DoesNotContain(_tools.Calls, call => call.StartsWith("docker", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_checkout_has_a_tag_of_its_content()
    {
        _tools.On("git", "status *", "echo ' M README.md'")
            .On("git", "write-tree", "echo fedcba9876543210fedcba9876543210fedcba98");
        await UpAsync();
        Assert.Contains("edgecloud-edge:0123456789ab-fedcba987654\"", _tools.Applied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Podman_builds_where_docker_does_not_answer()
    {
        _tools.On("docker", "info", "exit 1").On("podman", "info", "exit 0");
        var (exitCode, output) = await UpAsync("--driver", "podman");
        Assert.True(exitCode == 0, output);
        Assert.Contains(
            $"podman build --file docker/Dockerfile.edge --tag docker.io/library/edgecloud-edge:{Tag} "
            + $"--timestamp=1767225600 --build-arg=REVISION={Commit} .", _tools.Calls);
    }

    [Fact]
    public async Task Minikube_builds_inside_the_cluster_on_request()
    {
        var (exitCode, output) = await UpAsync("--builder", "minikube");
        Assert.True(exitCode == 0, output);
        Assert.Contains(
            "minikube image build --profile minikube --file docker/Dockerfile.server --tag "
            + $"docker.io/library/edgecloud-server:{Tag} --build-opt=build-arg=REVISION={Commit}"
            + " --build-opt=build-arg=SOURCE_DATE_EPOCH=1767225600 .",
            _tools.Calls);
        Assert.DoesNotContain(_tools.Calls, call =>
            call.Contains("save", StringComparison.Ordinal) || call.Contains("image load", StringComparison.Ordinal));
    }

    /// <summary>minikube exits with 0 when it could not load or build an image.</summary>
    [Theory]
    [InlineData("docker")]
    [InlineData("minikube")]
    public async Task An_image_that_is_not_in_the_cluster_then_is_named_and_nothing_is_applied(string builder)
    {
        _tools.On("minikube", "image ls *", "echo docker.io/library/edgecloud-edge:0123456789abc");
        await RefusesAsync($"The cluster minikube has no image {Image("edge")}, although ", "--builder", builder);
        Assert.DoesNotContain(_tools.Deeds, deed => deed.Contains("apply", StringComparison.Ordinal));
        Assert.Contains("minikube image ls --profile minikube", _tools.Calls);
    }

    [Fact]
    public async Task A_new_clusters_disk_has_the_size_that_was_asked_for()
    {
        await UpAsync("--disk-size", "30g");
        Assert.EndsWith(" --memory 3072 --cpus 2 --disk-size 30g", _tools.Deeds[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("minikube", "minikube was not found. Install it: https://minikube")]
    [InlineData("kubectl", "kubectl was not found. Install it: https://kubernetes")]
    public async Task A_missing_tool_is_named_with_where_to_get_it_and_nothing_is_done(string tool, string message)
    {
        _tools.Without(tool);
        await RefusesAsync(message);
        Assert.Empty(_tools.Deeds);
    }

    [Fact]
    public async Task Memory_that_the_machine_has_not_is_refused()
    {
        await RefusesAsync("is to have 100000000 MB of memory and this machine has", "--memory", "100000000");
        Assert.Empty(_tools.Deeds);
    }

    [Fact]
    public async Task A_docker_that_does_not_answer_is_named_before_the_cluster_is_started()
    {
        _tools.On("docker", "info", "exit 1");
        await RefusesAsync("docker driver needs docker, which does not answer");
        Assert.Empty(_tools.Deeds);
    }

    [Fact]
    public async Task A_build_that_fails_ends_it_before_anything_is_applied()
    {
        _tools.On("docker", "build *server*", "exit 17");
        await RefusesAsync("docker build failed with exit code 17");
        Assert.DoesNotContain(_tools.Deeds, deed =>
            deed.Contains("load", StringComparison.Ordinal) || deed.Contains("apply", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_workload_that_does_not_become_ready_is_named_beside_the_state_of_its_pods()
    {
        _tools.On("kubectl", "*rollout status statefulset*", "exit 1");
        await RefusesAsync("kafka did not become ready. See why: ./edgecloud minikube logs kafka");
        Assert.Equal($"{Kubectl} get deployments,statefulsets,pods --output wide", _tools.Calls[^1]);
    }

    [Fact]
    public async Task Manifests_without_our_images_are_refused()
    {
        File.Delete(Path.Combine(_manifests, "workload-2.yaml"));
        await RefusesAsync("has no workload with the image edgecloud-server");
        Assert.Empty(_tools.Deeds);
    }

    [Fact]
    public async Task The_ports_are_forwarded_until_it_is_told_to_end()
    {
        await using var edge = await ForwardedPod.StartAsync();
        await using var server = await ForwardedPod.StartAsync();
        using var process = await OpenAsync(edge, server);
        await Eventually.HoldsAsync(
            () => _tools.Calls.Contains($"xdg-open http://localhost:{edge.Port}/"), "the page is opened");
        // What opened the page may take its time to end.
        await Eventually.HoldsAsync(
            () => Processes.ChildrenOf(process.Id).Count == 2, "only the two forwardings are left running");
        var forwarding = Processes.ChildrenOf(process.Id);

        await process.SignalAsync("TERM");

        Assert.Equal(0, (await process.EndAsync()).ExitCode);
        Assert.DoesNotContain(forwarding, Processes.IsAlive);
        Assert.Contains($"{Kubectl} port-forward deployment/edge {edge.Port}:9001", _tools.Calls);
        Assert.Contains($"{Kubectl} port-forward deployment/server {server.Port}:9002", _tools.Calls);
    }

    [Fact]
    public async Task A_forwarding_that_ends_begins_again()
    {
        await using var edge = await ForwardedPod.StartAsync();
        await using var server = await ForwardedPod.StartAsync();
        using var process = await OpenAsync(edge, server, "--no-browser");

        foreach (var forwarding in Processes.ChildrenOf(process.Id))
            await ChildProcess.SucceedAsync(["kill", "-s", "KILL", $"{forwarding}"]);

        await process.LineAsync($"edge is forwarded again: http://localhost:{edge.Port}/");
        await process.LineAsync($"server is forwarded again: http://localhost:{server.Port}/");
        Assert.Equal(4, _tools.Calls.Count(call => call.Contains(" port-forward ", StringComparison.Ordinal)));
        Assert.DoesNotContain(_tools.Calls, call => call.StartsWith("xdg-open", StringComparison.Ordinal));
    }

    /// <summary>kubectl need not end when its pod does.</summary>
    [Fact]
    public async Task A_forwarding_that_leads_nowhere_begins_again_until_there_is_an_answer()
    {
        await using var edge = await ForwardedPod.StartAsync();
        await using var server = await ForwardedPod.StartAsync();
        using var process = await OpenAsync(edge, server, "--no-browser");

        edge.IsGone = true;
        await process.LineAsync("The forwarding to edge broke. Trying again.");
        await Eventually.HoldsAsync(
            () => _tools.Calls.Count(call => call.Contains("deployment/edge", StringComparison.Ordinal)) >= 3,
            "it tries again while there is no answer");
        Assert.DoesNotContain(process.Output, line => line.Contains("again: ", StringComparison.Ordinal));

        edge.IsGone = false;
        await process.LineAsync($"edge is forwarded again: http://localhost:{edge.Port}/");
        Assert.Single(_tools.Calls, call => call.Contains("deployment/server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ports_are_forwarded_once_a_restart_that_is_in_progress_is_over()
    {
        var ready = Path.Combine(_manifests, "ready");
        await using var edge = await ForwardedPod.StartAsync();
        await using var server = await ForwardedPod.StartAsync();
        _tools.On(
                "kubectl", "* port-forward deployment/edge *",
                $"[[ -e '{ready}' ]] || exit 1; echo Forwarding from 127.0.0.1:9; read -r -t 30 <> <(:)")
            .On("kubectl", "* get deployment/edge *unavailableReplicas*", "echo 1");

        using var process = Open(edge, server);
        await process.LineAsync("edge has no pod that is ready yet. Waiting for it.");
        File.WriteAllText(ready, "");

        await process.LineAsync("Ctrl+C ends the forwarding");
        await process.SignalAsync("TERM");
        Assert.Equal(0, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_port_that_cannot_be_forwarded_is_named()
    {
        var (exitCode, output) = await _tools.On("minikube", "status *", "exit 0")
            .On("kubectl", "*port-forward*server*", "exit 1").RunAsync("minikube", "open");
        Assert.Equal(1, exitCode);
        Assert.Contains("server cannot be reached at port 9002", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Down_removes_the_namespace_and_purge_the_cluster()
    {
        _tools.On("minikube", "status *", "exit 0");
        Assert.Equal(0, (await _tools.RunAsync("minikube", "down")).ExitCode);
        Assert.Equal(0, (await _tools.RunAsync("minikube", "down", "--purge")).ExitCode);
        Assert.Equal(
            ["kubectl --context minikube delete namespace "
                + "edgecloud --ignore-not-found", "minikube delete --profile minikube"], _tools.Deeds);
    }

    [Fact]
    public async Task A_pod_without_a_log_does_not_keep_the_others_back()
    {
        _tools.On("minikube", "status *", "exit 0")
            .On("kubectl", "*get pods --output name", @"printf 'pod/edge-1\npod/server-1\n'")
            .On("kubectl", "*logs pod/edge-1 *", "exit 1");
        Assert.Equal(0, (await _tools.RunAsync("minikube", "logs")).ExitCode);
        Assert.Equal($"{Kubectl} logs pod/server-1 --all-containers --prefix --tail=500", _tools.Calls[^1]);
    }

    [Fact]
    public async Task The_log_of_one_workload_is_followed_by_its_name()
    {
        _tools.On("minikube", "status *", "exit 0");
        Assert.Equal(0, (await _tools.RunAsync("minikube", "logs", "kafka", "--follow")).ExitCode);
        Assert.Equal($"{Kubectl} logs statefulset.apps/kafka --all-containers --prefix --follow", _tools.Calls[^1]);

        var (exitCode, output) = await _tools.RunAsync("minikube", "logs", "kafak");
        Assert.Equal(1, exitCode);
        Assert.Contains("There is no workload kafak; there are: edge, kafka.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_context_only_minikube_is_meant_and_with_one_only_that()
    {
        _tools.On("minikube", "status *", "exit 0");
        foreach (var context in (string?[])[null, "other"])
        {
            foreach (var command in (string[][])[["up", "--no-forward", "--manifests", _manifests],
                ["status"], ["logs"], ["down"], ["down", "--purge"]])
                await _tools.RunAsync(
                    ["minikube", .. command, .. context is null ? (string[])[] : ["--context", context]]);
            var calls =
                _tools.Calls.Where(call => !call.StartsWith("minikube version", StringComparison.Ordinal)).ToArray();
            Assert.All(calls.Where(call => call.StartsWith("kubectl", StringComparison.Ordinal)), call =>
                Assert.StartsWith("kubectl --context ", call, StringComparison.Ordinal));
            Assert.All(calls.Where(call => call.StartsWith("minikube", StringComparison.Ordinal)), call =>
                Assert.Contains(" --profile ", call, StringComparison.Ordinal));
        }

        var half = _tools.Calls.Length / 2;
        Assert.All(_tools.Calls[..half], call => Assert.DoesNotContain("other", call, StringComparison.Ordinal));
        Assert.All(_tools.Calls[half..].Where(call => call[0] is 'k' or 'm'), call =>
            Assert.Matches("--(context|profile) other", call));
        Assert.DoesNotContain(_tools.Calls, call => call.Contains("config", StringComparison.Ordinal));
    }

    public void Dispose() => _tools.Dispose();

    private Task<(int ExitCode, string Output)> UpAsync(params string[] arguments) =>
        _tools.RunAsync(["minikube", "up", "--no-forward", "--manifests", _manifests, .. arguments]);

    private static string Image(string service) => $"docker.io/library/edgecloud-{service}:{Tag}";

    private ChildProcess Open(ForwardedPod edge, ForwardedPod server, params string[] arguments) =>
        _tools.On("minikube", "status *", "exit 0").Start(
            ["minikube", "open", "--edge-port", $"{edge.Port}", "--server-port", $"{server.Port}", .. arguments]);

    private async Task<ChildProcess> OpenAsync(ForwardedPod edge, ForwardedPod server, params string[] arguments)
    {
        var process = Open(edge, server, arguments);
        await process.LineAsync("Ctrl+C ends the forwarding");
        return process;
    }

    private async Task RefusesAsync(string message, params string[] arguments)
    {
        var (exitCode, output) = await UpAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    [GeneratedRegex("/tmp/edgecloud-images-[^/]+/")]
    private static partial Regex TemporaryFolder();

    [GeneratedRegex("image: \"([^\"]+)\"")]
    private static partial Regex ImageLine();
}
