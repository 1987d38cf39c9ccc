using EdgeCloud.Cli.Commands;

namespace EdgeCloud.Tests.Tools;

/// <summary><c>./edgecloud doctor</c> on a machine with everything that the two commands need.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly RecordedTools _tools = new RecordedTools()
        .On("dotnet", "--version", "echo 10.0.100").On("node", "--version", "echo v22.1.0").On("bash", "*", "exit 0")
        .On("minikube", "version --short", "echo v1.37.0")
        .On("kubectl", "version --client", @"printf 'Client Version: v1.34.1\nKustomize Version: v5.7.1\n'");

    [Fact]
    public async Task Minikube_and_kubectl_are_reported_by_their_version()
    {
        var (exitCode, output) = await _tools.RunAsync("doctor");
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"ok\S* +minikube +v1\.37\.0 ", output);
        Assert.Matches(@"ok\S* +kubectl +Client Version: v1\.34\.1 ", output);
    }

    [Fact]
    public async Task Without_them_all_is_good_and_it_says_what_they_are_for_and_where_to_get_them()
    {
        var (exitCode, output) = await _tools.Without("minikube").Without("kubectl").RunAsync("doctor");
        Assert.True(exitCode == 0, output);
        Assert.Contains("All good.", output, StringComparison.Ordinal);
        Assert.Matches(
            @"--\S* +minikube +not found +Only for \./edgecloud minikube\. Install it: https://minikube\.", output);
        Assert.Matches(
            @"--\S* +kubectl +not found +Only for \./edgecloud minikube\. Install it: https://kubernetes\.", output);
    }

    [Fact]
    public async Task What_the_two_commands_need_is_a_failure_when_it_is_missing()
    {
        var (exitCode, output) = await _tools.Without("node").RunAsync("doctor");
        Assert.Equal(1, exitCode);
        Assert.Matches(@"no\S* +Node\.js +not found +Install Node\.js", output);
    }

    [Fact]
    public async Task An_Apache_Kafka_is_looked_for_where_it_is_named()
    {
        using var home = new TemporaryFolder();
        var unnamed = await Checks.ApacheKafkaAsync(null, CancellationToken.None);
        var empty = await Checks.ApacheKafkaAsync(home.Path, CancellationToken.None);

        Assert.Equal(("Good", "Optional"), (unnamed.Verdict.ToString(), empty.Verdict.ToString()));
        Assert.Contains("libs/", empty.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("17.0.15", "ok")]
    [InlineData("1.8.0_452", "--")]
    public async Task The_Java_that_runs_it_must_be_new_enough(string version, string verdict)
    {
        using var home = new TemporaryFolder();
        Directory.CreateDirectory(home.File("libs"));
        _tools.On("java", "-version", $"echo 'openjdk version \"{version}\"' >&2");

        var (exitCode, output) = await _tools.With("KAFKA_HOME", home.Path).With("JAVA_HOME", "").RunAsync("doctor");

        Assert.True(exitCode == 0, output);
        Assert.Matches($@"{verdict}\S* +Apache Kafka ", output);
    }

    [Theory]
    [InlineData(3071, "Optional")]
    [InlineData(3072, "Good")]
    public void Memory_is_enough_from_what_the_cluster_gets(long megabytes, string verdict)
    {
        var finding = Checks.MemoryForMinikube(megabytes);
        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Equal(verdict == "Optional", finding.Fix.Contains("./edgecloud minikube", StringComparison.Ordinal));
    }

    public void Dispose() => _tools.Dispose();
}
