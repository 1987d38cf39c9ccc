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
    [Fact]
    public Task A_setting_of_the_wrong_type_is_named_in_one_line_and_nothing_else_is_said() => Parallel.ForEachAsync(
        (IEnumerable<(string Service, string Key, string Value)>)
        [
            ("EdgeCloud.Edge", "Edge:MotionGate:Enabled", "1"),
            ("EdgeCloud.Edge", "Edge:MotionGate:Enabled", "off"),
            ("EdgeCloud.Edge", "Edge:Inference:FaceThreshold", "0,6"),
            ("EdgeCloud.Edge", "Edge:Inference:PoseTrackingGap", "2s"),
            ("EdgeCloud.Edge", "Edge:Frames:MaxBodyBytes", "8MB"),
            ("EdgeCloud.Edge", "Edge:Frames:MaxPixels", "0"),
            ("EdgeCloud.Edge", "ConnectionStrings:kafka", ""),
            ("EdgeCloud.Server", "ConnectionStrings:kafka", ""),
            ("EdgeCloud.Server", "ConnectionStrings:history", "Server"),
            ("EdgeCloud.Server", "ConnectionStrings:history", "Data Source=/proc/history.db"),
            ("EdgeCloud.Server", "Server:History:MinutesFor", "30 days"),
            ("EdgeCloud.Server", "Http:MaxConnections", "many"),
            ("EdgeCloud.Server", "Server:Devices:OnlineWithin", "10 s"),
            ("EdgeCloud.Server", "OTEL_EXPORTER_OTLP_HEADERS", "abc"),
        ],
        new ParallelOptions { MaxDegreeOfParallelism = 4 },
        async (setting, _) =>
        {
            var lines = await EndsWithOneAsync(
                setting.Service, "--urls=http://127.0.0.1:0", $"--Edge:Events:OutboxPath={_folder.File("outbox.db")}",
                "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", $"--{setting.Key}={setting.Value}");
            Assert.Contains(setting.Key, Assert.Single(lines), StringComparison.Ordinal);
        });

    [Fact]
    public async Task An_outbox_that_is_in_use_is_one_line_too()
    {
        var outbox = $"--Edge:Events:OutboxPath={_folder.File("shared.db")}";
        await using var other = await EdgeProcess.StartAsync("127.0.0.1:1", _folder.File("shared.db"));

        Assert.Single(
            await EndsWithOneAsync("EdgeCloud.Edge", "--urls=http://127.0.0.1:0", outbox),
            line => line.Contains("is in use by another process", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Models_that_are_missing_are_said_in_one_line_too() => Assert.Single(
        await EndsWithOneAsync(
            "EdgeCloud.Edge", "--urls=http://127.0.0.1:0", $"--Edge:Events:OutboxPath={_folder.File("outbox.db")}",
            "--Edge:Inference:ModelsDirectory=nowhere"),
        line => line.Contains("A build of EdgeCloud.Edge makes it", StringComparison.Ordinal));

    public void Dispose() => _folder.Dispose();

    private async Task<string[]> EndsWithOneAsync(string service, params string[] arguments)
    {
        var process = await ChildProcess.RunAsync(
            ChildProcess.Dotnet(
                service,
                [
                    "--ConnectionStrings:kafka=127.0.0.1:1",
                    $"--ConnectionStrings:history=Data Source={_folder.File($"{Guid.NewGuid()}.db")}", .. arguments,
                ]));
        var lines = process.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(process.ExitCode == 1, $"{process.ExitCode}: {process.Text}");
        Assert.True(lines.Count(line => line.StartsWith("crit: ", StringComparison.Ordinal)) == 1, process.Text);
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
        return [.. lines.Where(line => !line.StartsWith("crit: ", StringComparison.Ordinal))];
    }
}
