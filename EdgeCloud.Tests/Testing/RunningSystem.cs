using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// The whole system as the AppHost starts it, with the embedded broker, on ports of its own. Shared by the tests that
/// look at it from outside.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private DistributedApplication _app = null!;

    /// <summary>What the dashboard offers to do.</summary>
    public ResourceCommandService Commands => _app.ResourceCommands;

    public HttpClient Edge { get; private set; } = null!;

    public HttpClient Server { get; private set; } = null!;

    internal OtlpReceiver Telemetry { get; private set; } = null!;

    public HttpClient Prometheus { get; private set; } = null!;

    public string BootstrapServers { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Telemetry = await OtlpReceiver.StartAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(
            [
                "--Containers=off", "--Kafka:Mode=Embedded",

                // A camera that is not there: it has metrics, and sends nothing.
                "--Edge:Sources:0:Url=/dev/video99", "--Edge:Sources:0:Device=usb",
            ]);
        builder.KeepFilesIn(_folder);

        // Where the orchestrator says; at intervals for which a test can wait.
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToArray())
        {
            builder.CreateResourceBuilder(service)
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", Telemetry.Endpoint)
                .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "100")
                .WithEnvironment("OTEL_BLRP_SCHEDULE_DELAY", "100")
                .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "500");
        }

        _app = await builder.BuildAsync();
        await _app.StartAsync();
        await _app.AreHealthyAsync("edge", "server", "prometheus");
        Edge = _app.CreateHttpClient("edge", "http");
        Server = _app.CreateHttpClient("server", "http");
        Prometheus = _app.CreateHttpClient("prometheus", "http");
        BootstrapServers = await _app.GetConnectionStringAsync("kafka")
            ?? throw new InvalidOperationException("The AppHost has no connection string 'kafka'.");
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await Telemetry.DisposeAsync();
        _folder.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class RunningSystemCollection : ICollectionFixture<RunningSystem>, ICollectionFixture<FakeCamera>
{
    public const string Name = "running system";
}
