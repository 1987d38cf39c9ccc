using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace EdgeCloud.Tests.AppHost;

/// <summary>Prometheus and Grafana where there are containers, by what the model asks the runtime to do.</summary>
public sealed class MonitoringContainersTests
{
    [Fact]
    public async Task Prometheus_and_Grafana_get_the_files_of_the_repository_and_each_other()
    {
        var builder = await Topology.OfAsync("--Containers=on");
        var prometheus = Container(builder, "prometheus");
        var grafana = Container(builder, "grafana");

        Assert.True(prometheus.TryGetContainerImageName(out var image));
        Assert.StartsWith("docker.io/prom/prometheus:v3.5.0@sha256:", image, StringComparison.Ordinal);
        Assert.Equal([(Observability("prometheus"), "/etc/prometheus")], ReadOnlyMounts(prometheus));
        Assert.Equal(9090, prometheus.GetEndpoint("http").TargetPort);
        Assert.Equal(
            [
                (Observability("grafana/dashboards"), "/etc/edgecloud/dashboards"),
                (Observability("grafana/datasources"), "/etc/grafana/provisioning/datasources"),
                (Observability("grafana/providers"), "/etc/grafana/provisioning/dashboards"),
            ],
            ReadOnlyMounts(grafana).Order());
        Assert.Equal(3000, grafana.GetEndpoint("http").TargetPort);
        var environment = await builder.EnvironmentAsync(grafana);
        Assert.Equal("{prometheus.bindings.http.url}", environment["PROMETHEUS_URL"]);
        Assert.Equal("true", environment["GF_AUTH_ANONYMOUS_ENABLED"]);
    }

    /// <summary>The command that the container is started with, run here with other folders.</summary>
    [Fact]
    public async Task Prometheus_finds_the_services_under_the_addresses_that_a_container_has_for_them()
    {
        using var folder = new TemporaryFolder();
        var builder = await Topology.OfAsync("--Containers=on");
        var prometheus = Container(builder, "prometheus");
        var environment = await builder.EnvironmentAsync(prometheus);
        Assert.Equal("{edge.bindings.http.url}", environment["EDGE"]);
        Assert.Equal("{server.bindings.http.url}", environment["SERVER"]);
        Assert.Equal("/bin/sh", prometheus.Entrypoint);
        var arguments = await ArgumentsAsync(prometheus);
        Assert.Equal("-c", arguments[0]);
        var script = arguments[1]
            .Replace("/etc/prometheus/", $"{Observability("prometheus")}/", StringComparison.Ordinal)
            .Replace(" /prometheus/", $" {folder.Path}/", StringComparison.Ordinal)
            .Replace("=/prometheus/", $"={folder.Path}/", StringComparison.Ordinal)
            .Replace("exec /bin/prometheus", "echo", StringComparison.Ordinal);

        string[] addresses = ["host.docker.internal:32768", "host.docker.internal:32769"];
        var text = await ChildProcess.SucceedAsync(
            ["env", $"EDGE=http://{addresses[0]}", $"SERVER=http://{addresses[1]}", "sh", "-c", script]);

        Assert.StartsWith($"--config.file={folder.File("prometheus.local.yml")} ", text, StringComparison.Ordinal);
        var configuration = File.ReadAllText(folder.File("prometheus.local.yml"));
        Assert.All(
            addresses,
            address => Assert.Contains($"""targets: ["{address}"]""", configuration, StringComparison.Ordinal));
        text = await ChildProcess.SucceedAsync(["promtool", "check", "config", folder.File("prometheus.local.yml")]);
        var rules = Directory.GetFiles(Observability("prometheus"), "*.rules.yml").Length;
        Assert.Contains($"{rules} rule files found", text, StringComparison.Ordinal);
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

        var builder = await Topology.OfAsync("--Containers=off");

        var prometheus = builder.Resources.OfType<IResourceWithEndpoints>()
            .Single(resource => resource.Name == "prometheus");
        Assert.Null(prometheus.GetEndpoint("http").EndpointAnnotation.Port);
    }

    private static ContainerResource Container(IDistributedApplicationTestingBuilder builder, string name) =>
        builder.Resources.OfType<ContainerResource>().Single(container => container.Name == name);

    private static IEnumerable<(string? Source, string Target)> ReadOnlyMounts(ContainerResource container)
    {
        var mounts = container.Annotations.OfType<ContainerMountAnnotation>().ToArray();
        Assert.All(mounts, mount => Assert.Equal((ContainerMountType.BindMount, true), (mount.Type, mount.IsReadOnly)));
        return mounts.Select(mount => (mount.Source, mount.Target));
    }

    private static async Task<string[]> ArgumentsAsync(ContainerResource container)
    {
        var context = new CommandLineArgsCallbackContext([], container);
        foreach (var annotation in container.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(context);
        return [.. context.Args.Cast<string>()];
    }

    private static string Observability(string folder) =>
        Path.Combine(Path.GetFullPath(Repository.Root), "observability", folder);
}
