using Confluent.Kafka;
using EdgeCloud.AppHost;
using EdgeCloud.Server.Devices;
using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace EdgeCloud.Tests.Server;

/// <summary>An embedded broker with the topics, a producer to it, and any number of servers that read it, one after the other or side by side.</summary>
internal sealed class ServerScene : IAsyncDisposable
{
    private readonly EmbeddedBroker _broker = new(partitions: 6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
    private readonly List<ServerApplication> _servers = [];

    public ServerScene() =>
        Producer = new ProducerBuilder<string?, byte[]>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers, Acks = Acks.All, LingerMs = 1 }).Build();

    public EmbeddedBroker Broker => _broker;

    public string BootstrapServers => _broker.BootstrapServers;

    public IProducer<string?, byte[]> Producer { get; }

    /// <summary>A server that has caught up with the topic.</summary>
    public async Task<HttpClient> StartServerAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var server = new ServerApplication(BootstrapServers, settings ?? new Dictionary<string, string?>());
        _servers.Add(server);
        var client = server.CreateClient();
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the server has caught up");
        return client;
    }

    /// <summary>Stops the newest server as the orchestrator would.</summary>
    public async Task StopServerAsync()
    {
        await _servers[^1].DisposeAsync();
        _servers.RemoveAt(_servers.Count - 1);
    }

    public Task PublishAsync(DetectionEvent detectionEvent) =>
        Producer.ProduceAsync(DetectionTopic.Name, new Message<string?, byte[]> { Key = detectionEvent.DeviceId, Value = DetectionEventJson.Write(detectionEvent) });

    public Task PublishAsync(byte[]? value, string? key = "edge-1") =>
        Producer.ProduceAsync(DetectionTopic.Name, new Message<string?, byte[]> { Key = key, Value = value! });

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        Producer.Dispose();
        _broker.Dispose();
    }

    private sealed class ServerApplication : WebApplicationFactory<DeviceOptions>
    {
        private readonly string _bootstrapServers;
        private readonly IReadOnlyDictionary<string, string?> _settings;

        public ServerApplication(string bootstrapServers, IReadOnlyDictionary<string, string?> settings)
        {
            _bootstrapServers = bootstrapServers;
            _settings = settings;
            UseKestrel(0);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("ConnectionStrings:kafka", _bootstrapServers);
            foreach (var (key, value) in _settings)
                builder.UseSetting(key, value);
        }
    }
}
