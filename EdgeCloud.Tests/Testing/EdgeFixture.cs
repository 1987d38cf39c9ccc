using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference.Streams;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Testing;

/// <summary>The edge on its real web server, publishing to an embedded broker.</summary>
public sealed class EdgeFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public EdgeFixture()
    {
        Broker = new EmbeddedBroker(partitions: 6, DetectionTopic.Name, PresenceTopic.Name);
        Application = new EdgeApplication(Broker.BootstrapServers, new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = FrameFile,
            ["Edge:Frames:MaxDevices"] = "4",
            ["Edge:Frames:MaxPixels"] = "1000000",
            ["Edge:Frames:MaxBodyBytes"] = "2000000",
        });
    }

    internal EmbeddedBroker Broker { get; }

    internal EdgeApplication Application { get; }

    public string FrameFile => _folder.File("frame.jpg");

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Client = Application.CreateClient();
        await Application.ReadyAsync();
    }

    public async Task DisposeAsync()
    {
        await Application.DisposeAsync();
        Broker.Dispose();
        _folder.Dispose();
    }
}

/// <summary>The edge in this process, on Kestrel, with settings of the test's choosing.</summary>
internal sealed class EdgeApplication : WebApplicationFactory<FrameOptions>
{
    private readonly string _bootstrapServers;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly TemporaryFolder _folder = new();

    public EdgeApplication(string bootstrapServers, IReadOnlyDictionary<string, string?> settings)
    {
        _bootstrapServers = bootstrapServers;
        _settings = settings;
        UseKestrel();
    }

    /// <summary>Leaves the models unloaded, as they are in the first moments.</summary>
    public bool NeverLoads { get; init; }

    /// <summary>The edge's clock; that of the system when nothing else is said.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets every log line, besides the console.</summary>
    public FakeLogCollector? Logs { get; init; }

    /// <summary>Returns when every health check is.</summary>
    public async Task ReadyAsync()
    {
        var checks = Services.GetRequiredService<HealthCheckService>();
        await Eventually.HoldsAsync(
            async () => (await checks.CheckHealthAsync()).Status != HealthStatus.Unhealthy, "the edge is ready");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // Not by UseKestrel(0), which sets the address beside a program that may have started its server by then.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("ConnectionStrings:kafka", _bootstrapServers);
        builder.UseSetting("Edge:Events:OutboxPath", _folder.File("outbox.db"));
        builder.UseSetting("Edge:Zones:Path", _folder.File("zones.json"));
        builder.UseSetting("Edge:Phone:Folder", _folder.File("phone"));

        // Tests send as fast as they can, also where a frame takes long.
        builder.UseSetting("Edge:Frames:MaxFramesPerSecond", "100000");
        builder.UseSetting("Edge:Inference:MaxWait", "00:01:00");

        // They send the same photo again on purpose; the motion gate has tests of its own.
        builder.UseSetting("Edge:MotionGate:Enabled", "false");
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => services.AddSingleton(Time));
        if (Logs is not null)
            builder.ConfigureLogging(logging => logging.AddProvider(new FakeLoggerProvider(Logs)));
        if (NeverLoads)
            builder.ConfigureServices(services => services.Remove(
                services.Single(service => service.ImplementationFactory?.Method.ReturnType == typeof(ModelLoader))));
    }
}
