using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>
/// An edge and a server in processes of their own, at an Apache Kafka; a test leaves them as it found them, in balance.
/// </summary>
public sealed class KafkaScene : IAsyncLifetime
{
    /// <summary>Clients ask every 5 minutes whether a topic has more partitions; here, every second.</summary>
    private static readonly string[] Settings =
    [
        "--Aspire:Confluent:Kafka:Producer:Config:TopicMetadataRefreshIntervalMs=1000",
        "--Aspire:Confluent:Kafka:Consumer:Config:TopicMetadataRefreshIntervalMs=1000",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    internal KafkaBroker Broker { get; private set; } = null!;

    internal EdgeProcess Edge { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (KafkaTests.WhySkipped is not null)
            return;

        Broker = await KafkaBroker.StartAsync();
        await Broker.CreateTopicsAsync(6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        Server = ServerProcess.Start(Broker.BootstrapServers, Settings);
        Edge = await EdgeProcess.StartAsync(Broker.BootstrapServers, _folder.File("outbox.db"), Settings);
        await Server.IsReadyAsync();
    }

    public async Task DisposeAsync()
    {
        if (KafkaTests.WhySkipped is not null)
            return;

        Server.Dispose();
        await Edge.DisposeAsync();
        await Broker.DisposeAsync();
        _folder.Dispose();
    }

    internal Traffic TrafficOf(string name) => new(name, () => Task.FromResult(Edge.Client));

    /// <summary>
    /// Every accepted event is on Kafka once, those of a device in their order; the server has counted each once, and
    /// its group knows.
    /// </summary>
    internal async Task IsInBalanceAsync(Traffic traffic)
    {
        await traffic.StopAsync();
        await Edge.OutboxIsEmptyAsync();

        var delivered = TopicReader.ReadToEnd(Broker.BootstrapServers)
            .ToLookup(message => message.DeviceId, message => message.EventId);
        foreach (var (device, accepted) in traffic.Accepted)
            Assert.Equal(accepted, delivered[device]);
        await Server.Http.SeesAsync("events", delivered.Sum(device => device.Count()));
        await Eventually.HoldsAsync(() => Broker.GroupAnswers(AllIsCommitted), "the group knows what was read");
    }

    /// <summary>
    /// The group is behind no message, nor ahead; a marker of a transaction, which no reader sees, may follow the last.
    /// </summary>
    private bool AllIsCommitted(IConsumer<byte[], byte[]> group)
    {
        var ends = TopicReader.All(Broker.BootstrapServers, toEnd: true)
            .GroupBy(message => message.TopicPartition, message => message.Offset.Value)
            .ToDictionary(partition => partition.Key, partition => partition.Max() + 1);
        return group.Committed(ends.Keys, Patience).All(committed =>
            committed.Offset >= ends[committed.TopicPartition]
            && committed.Offset <= group.QueryWatermarkOffsets(committed.TopicPartition, Patience).High);
    }
}
