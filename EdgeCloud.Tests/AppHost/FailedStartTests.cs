using System.Net;
using System.Net.Sockets;

namespace EdgeCloud.Tests.AppHost;

/// <summary>The AppHost as a person starts it, when it cannot start.</summary>
public sealed class FailedStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Kafka:Mode=Docker", "Kafka:Mode is 'Docker'")]
    [InlineData("--Containers=perhaps", "Containers is 'perhaps'")]
    [InlineData("--Phone=perhaps", "Phone is 'perhaps'; it must be on or off.")]
    [InlineData("--Kafka:Home=/nowhere", "Kafka:Home names /nowhere")]
    [InlineData("--History:Engine=Oracle", "History:Engine is 'Oracle'; it must be Sqlite or Postgres.")]
    [InlineData("--History:Engine=Postgres", "History:Engine is Postgres, which is a container")]
    public Task A_setting_that_cannot_be_is_said_in_one_line(string setting, string expected) =>
        EndsWithOneLineAsync(expected, "--Containers=off", setting);

    [Fact]
    public Task Containers_without_a_runtime_are_said_in_one_line() =>
        EndsWithOneLineAsync(
            "neither 'docker info' nor 'podman info' answers", "--Kafka:Mode=Container",
            "--DcpPublisher:RandomizePorts=true");

    [Fact]
    public async Task A_taken_port_is_said_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";

        await EndsWithOneLineAsync(
            $"Port {((IPEndPoint)other.LocalEndpoint).Port}, where the dashboard listens, is in use",
            "--Containers=off", $"--ASPNETCORE_URLS={address}");
    }

    private async Task EndsWithOneLineAsync(string expected, params string[] arguments)
    {
        // A machine that has a container runtime has none here.
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = $"{Path.GetDirectoryName(Environment.ProcessPath)}:{_folder.Path}",
        };
        var appHost = await ChildProcess.RunAsync(
            ChildProcess.Dotnet("EdgeCloud.AppHost", arguments), environment: environment);

        Assert.True(appHost.ExitCode == 1, $"{appHost.ExitCode}: {appHost.Text}");
        var line = Assert.Single(appHost.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("EdgeCloud cannot start: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }
}
