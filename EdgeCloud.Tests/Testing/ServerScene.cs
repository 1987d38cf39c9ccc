using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Testing;

/// <summary>
/// An embedded broker with the topics, a producer to it, and any number of servers that read it, one after
/// the other or side by side.
/// </summary>
internal sealed class ServerScene : IAsyncDisposable
{
    private readonly EmbeddedBroker _broker;
    private readonly List<ServerApplication> _servers = [];
    private readonly TemporaryFolder _folder = new();

    /// <param name="withPresence">Whether the topic of presences is there from the beginning.</param>
    public ServerScene(bool withPresence = true)
    {
        string[] topics = [DetectionTopic.Name, DetectionTopic.DeadLetterName, PresenceTopic.Name];
        _broker = new EmbeddedBroker(partitions: 6, withPresence ? topics : topics[..2]);
        Producer = new ProducerBuilder<string?, byte[]>(new ProducerConfig
        {
            BootstrapServers = _broker.BootstrapServers,
            Acks = Acks.All,
            LingerMs = 1,
            MessageMaxBytes = 20_000_000,
        }).Build();
    }

    public EmbeddedBroker Broker => _broker;

    public string BootstrapServers => _broker.BootstrapServers;

    /// <summary>The connection string of the store that the servers have, one after the other.</summary>
    public string History { get => field ??= $"Data Source={_folder.File("history.db")}"; init; }

    public IProducer<string?, byte[]> Producer { get; }

    /// <summary>Those of the newest server.</summary>
    public IServiceProvider Services => _servers[^1].Services;

    /// <summary>What all servers of the scene have logged.</summary>
    public FakeLogCollector Log { get; } = new();

    /// <summary>A server that has caught up with the topic.</summary>
    public async Task<HttpClient> StartServerAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var client = LaunchServer(settings);
        await Eventually.HoldsAsync(
            async () => (await client.GetAsync("/health")).IsSuccessStatusCode, "the server has caught up");
        return client;
    }

    /// <summary>A server that has only just begun.</summary>
    public HttpClient LaunchServer(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var server = new ServerApplication(
            BootstrapServers, History, settings ?? new Dictionary<string, string?>(), Log);
        _servers.Add(server);
        return server.CreateClient();
    }

    /// <summary>
    /// Where the group of the servers has come to in a partition; null when it has not committed anything.
    /// </summary>
    public long? Committed(int partition)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = DetectionTopic.ConsumerGroup }).Build();
        var offset = consumer.Committed([new TopicPartition(DetectionTopic.Name, partition)], TimeSpan.FromSeconds(30))
            .Single().Offset;
        return offset.IsSpecial ? null : offset.Value;
    }

    /// <summary>Stops the newest server as the orchestrator would.</summary>
    public async Task StopServerAsync()
    {
        await _servers[^1].DisposeAsync();
        _servers.RemoveAt(_servers.Count - 1);
    }

    public Task PublishAsync(DetectionEvent detectionEvent) =>
        Producer.ProduceAsync(DetectionTopic.Name, new Message<string?, byte[]>
        {
            Key = detectionEvent.DeviceId,
            Value = DetectionEventJson.Write(detectionEvent),
        });

    public Task<DeliveryResult<string?, byte[]>> PublishAsync(
        byte[]? value, string? key = "edge-1", Headers? headers = null) =>
        Producer.ProduceAsync(
            DetectionTopic.Name, new Message<string?, byte[]> { Key = key, Value = value!, Headers = headers });

    public async Task PublishAsync(params PresenceEvent[] presences)
    {
        foreach (var presence in presences)
        {
            var message = PresenceTopic.CreateMessage(
                PresenceTopic.EventType(presence.Type), presence.DeviceId, presence.EventId, presence.Timestamp,
                PresenceEventJson.Write(presence));
            await Producer.ProduceAsync(PresenceTopic.Name, new Message<string?, byte[]>
            {
                Key = message.Key,
                Value = message.Value,
                Headers = message.Headers,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        Producer.Dispose();
        _broker.Dispose();
        _folder.Dispose();
    }

    private sealed class ServerApplication : WebApplicationFactory<DeviceOptions>
    {
        private readonly string _bootstrapServers;
        private readonly string _history;
        private readonly IReadOnlyDictionary<string, string?> _settings;
        private readonly FakeLogCollector _log;

        public ServerApplication(
            string bootstrapServers, string history, IReadOnlyDictionary<string, string?> settings,
            FakeLogCollector log)
        {
            _history = history;
            _log = log;
            _bootstrapServers = bootstrapServers;
            _settings = settings;
            UseKestrel();
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            // Not by UseKestrel(0), which sets the address beside a program that may have started its server by then.
            builder.UseSetting("urls", "http://127.0.0.1:0");
            builder.UseSetting("ConnectionStrings:kafka", _bootstrapServers);
            builder.UseSetting("ConnectionStrings:history", _history);
            builder.ConfigureLogging(logging => logging.AddProvider(new FakeLoggerProvider(_log)));
            foreach (var (key, value) in _settings)
                builder.UseSetting(key, value);
        }
    }
}
