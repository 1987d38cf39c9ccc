using System.Net;
using System.Net.Sockets;

namespace EdgeCloud.Tests.Deployment;

public sealed class FailedStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("EdgeCloud.Edge")]
    [InlineData("EdgeCloud.Server")]
    public async Task A_service_whose_port_is_taken_names_it_in_one_line_and_ends_with_1(string service)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var lines = await EndsWithOneAsync(
            service, $"--urls=http://{other.LocalEndpoint}", $"--Edge:Events:OutboxPath={_folder.File("outbox.db")}");

        Assert.Contains(
            $"http://{other.LocalEndpoint}: address already in use",
            Assert.Single(lines, line => line.Contains("in use", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outbox_that_cannot_be_written_and_a_setting_that_cannot_be_are_one_line_too()
    {
        Assert.Single(
            await EndsWithOneAsync(
                "EdgeCloud.Edge", "--urls=http://127.0.0.1:0", "--Edge:Events:OutboxPath=/proc/outbox.db"),
            line => line.Contains("Set Edge:Events:OutboxPath to", StringComparison.Ordinal));
        Assert.Single(
            await EndsWithOneAsync("EdgeCloud.Edge", "--urls=http://127.0.0.1:0", "--Edge:Events:Topic=no topic"),
            line => line.Contains("Edge:Events:Topic must be", StringComparison.Ordinal));
    }

    /// <summary>Values that people give, of another type than the setting's.</summary>
    [Theory]
    [InlineData("EdgeCloud.Edge", "Edge:MotionGate:Enabled", "1")]
    [InlineData("EdgeCloud.Edge", "Edge:MotionGate:Enabled", "off")]
    [InlineData("EdgeCloud.Edge", "Edge:Inference:FaceThreshold", "0,6")]
    [InlineData("EdgeCloud.Edge", "Edge:Inference:PoseTrackingGap", "2s")]
    [InlineData("EdgeCloud.Edge", "Edge:Frames:MaxBodyBytes", "8MB")]
    [InlineData("EdgeCloud.Edge", "Edge:Frames:MaxPixels", "0")]
    [InlineData("EdgeCloud.Edge", "ConnectionStrings:kafka", "")]
    [InlineData("EdgeCloud.Server", "ConnectionStrings:kafka", "")]
    [InlineData("EdgeCloud.Server", "Http:MaxConnections", "many")]
    [InlineData("EdgeCloud.Server", "Server:Devices:OnlineWithin", "10 s")]
    [InlineData("EdgeCloud.Server", "OTEL_EXPORTER_OTLP_HEADERS", "abc")]
    public async Task A_setting_of_the_wrong_type_is_named_in_one_line(string service, string key, string value) =>
        Assert.Single(
            await EndsWithOneAsync(
                service, "--urls=http://127.0.0.1:0", $"--Edge:Events:OutboxPath={_folder.File("outbox.db")}",
                "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", $"--{key}={value}"),
            line => line.Contains(key, StringComparison.Ordinal));

    [Fact]
    public async Task Models_that_are_missing_are_said_in_one_line_too() => Assert.Single(
        await EndsWithOneAsync(
            "EdgeCloud.Edge", "--urls=http://127.0.0.1:0", $"--Edge:Events:OutboxPath={_folder.File("outbox.db")}",
            "--Edge:Inference:ModelsDirectory=nowhere"),
        line => line.Contains("A build of EdgeCloud.Edge makes it", StringComparison.Ordinal));

    public void Dispose() => _folder.Dispose();

    private static async Task<string[]> EndsWithOneAsync(string service, params string[] arguments)
    {
        var process = await ChildProcess.RunAsync(
            ChildProcess.Dotnet(service, ["--ConnectionStrings:kafka=127.0.0.1:1", .. arguments]));
        var lines = process.Text.Split('\n');

        Assert.True(process.ExitCode == 1, $"{process.ExitCode}: {process.Text}");
        Assert.DoesNotContain(lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
        return lines;
    }
}
