using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace EdgeCloud.Tests.StandIns.Aspire;

public sealed class ContainerTests : IDisposable
{
    private const string FakeDocker =
        """
        #!/bin/sh
        printf '%s\n' "$*" >> "$0.calls"
        case "$1" in
          run) echo $$ > "$0.$4.pid"; printf '%s\n' "$@" > "$0.line.${4%-*}"; echo up; exec sleep 600 ;;
          stop) kill "$(cat "$0.$4.pid")" ;;
        esac
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("edgecloud-docker-");

    private string Docker => Path.Combine(_directory.FullName, "docker");

    public ContainerTests()
    {
        File.WriteAllText(Docker, FakeDocker);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Docker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    [StandInFact(typeof(DistributedApplication))]
    public async Task Kafka_is_run_with_its_listeners_its_volume_and_its_ports()
    {
        await using var sample = new SampleApplication($"--ASPIRE_CONTAINER_RUNTIME={Docker}");
        var kafka = sample.Builder.AddKafka("kafka").WithDataVolume("edgecloud-kafka").WithEnvironment("KAFKA_NUM_PARTITIONS", "6");
        await sample.StartAsync();
        await sample.LineOfAsync("kafka", line => line == "up");

        var line = File.ReadAllLines($"{Docker}.line.kafka");
        var (port, internalPort) = (kafka.Resource.PrimaryEndpoint.Port, kafka.Resource.InternalEndpoint.Port);
        Assert.Equal(["run", "--rm", "--name"], line[..3]);
        Assert.Equal(["kafka"], Values(line, "--network-alias"));
        Assert.Equal([$"127.0.0.1:{port}:9092", $"127.0.0.1:{internalPort}:9093"], Values(line, "-p"));
        Assert.Equal(["edgecloud-kafka:/var/lib/kafka/data"], Values(line, "-v"));
        Assert.Equal(
            [
                $"KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:29092,PLAINTEXT_HOST://localhost:{port},PLAINTEXT_INTERNAL://kafka:9093",
                "KAFKA_LISTENERS=PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093",
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT",
                "KAFKA_LOG_DIRS=/var/lib/kafka/data",
                "KAFKA_NUM_PARTITIONS=6",
            ],
            Values(line, "-e").Order(StringComparer.Ordinal));
        Assert.Equal("docker.io/confluentinc/confluent-local:8.2.0", line[^1]);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Kafka_is_ready_when_its_port_accepts_a_connection_and_is_referenced_by_host_and_port()
    {
        await using var sample = new SampleApplication($"--ASPIRE_CONTAINER_RUNTIME={Docker}");
        var kafka = sample.Builder.AddKafka("kafka");
        sample.AddScript("edge", "env").WithReference(kafka).WaitFor(kafka);
        await sample.StartAsync();
        await sample.LineOfAsync("kafka", line => line == "up");

        using var broker = new TcpListener(IPAddress.Loopback, kafka.Resource.PrimaryEndpoint.Port);
        broker.Start();
        await sample.Resources.WaitForResourceAsync("edge", KnownResourceStates.Finished, sample.Limit);

        Assert.Contains($"ConnectionStrings__kafka=localhost:{kafka.Resource.PrimaryEndpoint.Port}", sample.SaidBy("edge"));
        Assert.Contains($"KAFKA_PORT={kafka.Resource.PrimaryEndpoint.Port}", sample.SaidBy("edge"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Kafka_UI_reaches_the_broker_by_its_name_on_the_containers_network()
    {
        await using var sample = new SampleApplication($"--ASPIRE_CONTAINER_RUNTIME={Docker}");
        sample.Builder.AddKafka("kafka").WithKafkaUI(page => page.WithHostPort(9180));
        await sample.StartAsync();
        await sample.LineOfAsync("kafka", line => line == "up");
        await sample.LineOfAsync("kafka-ui", line => line == "up");

        var (broker, page) = (File.ReadAllLines($"{Docker}.line.kafka"), File.ReadAllLines($"{Docker}.line.kafka-ui"));
        Assert.Equal(Values(broker, "--network"), Values(page, "--network"));
        Assert.Equal(["KAFKA_CLUSTERS_0_NAME=kafka", "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS=kafka:9093"], Values(page, "-e"));
        Assert.Equal("docker.io/kafbat/kafka-ui:v1.5.0", page[^1]);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_container_is_told_addresses_as_it_sees_them_and_what_to_run_over_which_folders()
    {
        await using var sample = new SampleApplication($"--ASPIRE_CONTAINER_RUNTIME={Docker}");
        var service = sample.AddScript("service", "sleep 600").WithHttpEndpoint(env: "PORT");
        var other = sample.Builder.AddContainer("other", "other", "1").WithHttpEndpoint(targetPort: 80);
        sample.Builder.AddContainer("cache", "cache", "1").WithBindMount("/tmp/files", "/files", isReadOnly: true).WithBindMount("/tmp/more", "/more")
            .WithEntrypoint("/bin/sh").WithArgs("-c", ReferenceExpression.Create($"echo {service.GetEndpoint("http").Property(EndpointProperty.Port)}"))
            .WithEnvironment("SERVICE", service.GetEndpoint("http")).WithEnvironment("OTHER", other.GetEndpoint("http"));
        await sample.StartAsync();
        await sample.LineOfAsync("cache", line => line == "up");

        var line = File.ReadAllLines($"{Docker}.line.cache");
        var port = service.GetEndpoint("http").Port;
        Assert.Equal([$"SERVICE=http://host.docker.internal:{port}", "OTHER=http://other:80"], Values(line, "-e"));
        Assert.Equal(["/tmp/files:/files:ro", "/tmp/more:/more"], Values(line, "-v"));
        Assert.Equal(["/bin/sh"], Values(line, "--entrypoint"));
        Assert.Equal(["cache:1", "-c", $"echo {port}"], line[^3..]);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Containers_and_their_network_are_gone_after_the_application()
    {
        await using var sample = new SampleApplication($"--ASPIRE_CONTAINER_RUNTIME={Docker}");
        sample.Builder.AddContainer("cache", "registry:5000/cache", "1").WithArgs("--quiet");
        await sample.StartAsync();
        await sample.LineOfAsync("cache", line => line == "up");
        var line = File.ReadAllLines($"{Docker}.line.cache");

        await sample.Application.DisposeAsync();

        var (name, network) = (Values(line, "--name").Single(), Values(line, "--network").Single());
        Assert.Equal(["registry:5000/cache:1", "--quiet"], line[^2..]);
        Assert.Equal(
            [$"network create {network}", string.Join(' ', line), $"stop --time 8 {name}", $"network rm {network}"],
            File.ReadAllLines($"{Docker}.calls"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Without_a_container_runtime_a_container_says_what_it_misses()
    {
        await using var sample = new SampleApplication("--ASPIRE_CONTAINER_RUNTIME=no-such-runtime");
        sample.Builder.AddKafka("kafka");
        await sample.StartAsync();

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.Resources.WaitForResourceHealthyAsync("kafka", sample.Limit));

        Assert.Contains("there is no no-such-runtime here", failure.Message);
    }

    private static IEnumerable<string> Values(string[] line, string option) =>
        line.Index().Where(argument => argument.Item == option).Select(argument => line[argument.Index + 1]);
}
