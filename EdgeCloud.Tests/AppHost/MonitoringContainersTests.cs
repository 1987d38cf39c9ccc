using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using EdgeCloud.Tests.Observability;
using EdgeCloud.Tests.StandIns;

namespace EdgeCloud.Tests.AppHost;

/// <summary>Prometheus and Grafana where there are containers, by what the runtime is asked to do.</summary>
public sealed class MonitoringContainersTests : IDisposable
{
    private const string FakeDocker =
        """
        #!/bin/sh
        case "$1" in
          run) printf '%s\n' "$@" > "$0.${4%-*}.part"; mv "$0.${4%-*}.part" "$0.${4%-*}"; exec sleep 600 ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [StandInFact(typeof(DistributedApplication))]
    public async Task Prometheus_and_Grafana_get_the_files_of_the_repository_and_each_other()
    {
        var (prometheus, grafana) = await StartedAsync();

        Assert.Equal([$"{Observability("prometheus")}:/etc/prometheus:ro"], Values(prometheus, "-v"));
        Assert.EndsWith(":9090", Values(prometheus, "-p").Single(), StringComparison.Ordinal);
        Assert.Contains("docker.io/prom/prometheus:v3.5.0", prometheus);
        Assert.Equal(
            [
                $"{Observability("grafana/dashboards")}:/etc/edgecloud/dashboards:ro",
                $"{Observability("grafana/datasources")}:/etc/grafana/provisioning/datasources:ro",
                $"{Observability("grafana/providers")}:/etc/grafana/provisioning/dashboards:ro",
            ],
            Values(grafana, "-v").Order(StringComparer.Ordinal));
        Assert.EndsWith(":3000", Values(grafana, "-p").Single(), StringComparison.Ordinal);
        Assert.Superset(new HashSet<string> { "PROMETHEUS_URL=http://prometheus:9090", "GF_AUTH_ANONYMOUS_ENABLED=true" }, Values(grafana, "-e").ToHashSet());
    }

    /// <summary>The command that the container is started with, run here with other folders.</summary>
    [StandInFact(typeof(DistributedApplication))]
    public async Task Prometheus_finds_the_services_under_the_addresses_that_a_container_has_for_them()
    {
        var (prometheus, _) = await StartedAsync();
        Assert.Equal(["/bin/sh"], Values(prometheus, "--entrypoint"));
        var script = prometheus[^1].Replace("/etc/prometheus/", $"{Observability("prometheus")}/", StringComparison.Ordinal)
            .Replace(" /prometheus/", $" {_folder.Path}/", StringComparison.Ordinal).Replace("=/prometheus/", $"={_folder.Path}/", StringComparison.Ordinal)
            .Replace("exec /bin/prometheus", "echo", StringComparison.Ordinal);

        var (exitCode, text) = await Tool.RunAsync("env", [.. Values(prometheus, "-e"), "sh", "-c", script]);

        Assert.True(exitCode == 0, text);
        Assert.StartsWith($"--config.file={_folder.File("prometheus.local.yml")} ", text, StringComparison.Ordinal);
        var configuration = File.ReadAllText(_folder.File("prometheus.local.yml"));
        Assert.All(Values(prometheus, "-e").Select(variable => variable.Split("=http://")[1]), address =>
        {
            Assert.StartsWith("host.docker.internal:", address, StringComparison.Ordinal);
            Assert.Contains($"""targets: ["{address}"]""", configuration, StringComparison.Ordinal);
        });
        (exitCode, text) = await Tool.RunAsync("promtool", ["check", "config", _folder.File("prometheus.local.yml")]);
        var rules = Directory.GetFiles(Observability("prometheus"), "*.rules.yml").Length;
        Assert.True(exitCode == 0 && text.Contains($"{rules} rule files found", StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task A_port_that_another_process_has_is_left_to_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 9090);
        try
        {
            other.Start();
        }
        catch (SocketException)
        {
            // Another process has it indeed.
        }

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(["--Containers=off"]);

        var prometheus = builder.Resources.OfType<IResourceWithEndpoints>().Single(resource => resource.Name == "prometheus");
        Assert.Null(prometheus.GetEndpoint("http").EndpointAnnotation.Port);
    }

    private async Task<(string[] Prometheus, string[] Grafana)> StartedAsync()
    {
        var docker = _folder.File("docker");
        await File.WriteAllTextAsync(docker, FakeDocker);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(["--Containers=on", $"--ASPIRE_CONTAINER_RUNTIME={docker}"]);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await Eventually.HoldsAsync(() => File.Exists($"{docker}.prometheus") && File.Exists($"{docker}.grafana"), "both containers have been started");
        return (await File.ReadAllLinesAsync($"{docker}.prometheus"), await File.ReadAllLinesAsync($"{docker}.grafana"));
    }

    private static string Observability(string folder) => Path.Combine(Path.GetFullPath(Repository.Root), "observability", folder);

    private static IEnumerable<string> Values(string[] line, string option) => line.Index().Where(argument => argument.Item == option).Select(argument => line[argument.Index + 1]);
}
