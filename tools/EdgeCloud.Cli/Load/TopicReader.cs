using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Cli.Load;

/// <summary>
/// Reads along on the topic from where it ends now, without a group, and counts how often each
/// event of this run is on it.
/// </summary>
internal sealed class TopicReader : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly LoadPlan _plan;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly Dictionary<TopicPartition, Offset> _next;
    private readonly Dictionary<Guid, int> _copies = [];

    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public TopicReader(LoadPlan plan)
    {
        _plan = plan;

        // Its complaints while the broker is away are no news to whoever took it away.
        _consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = plan.Kafka, GroupId = plan.DevicePrefix, EnableAutoCommit = false })
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        _next = admin.GetMetadata(DetectionTopic.Name, Timeout).Topics[0].Partitions
            .Select(partition => new TopicPartition(DetectionTopic.Name, partition.PartitionId))
            .ToDictionary(partition => partition, End);
        _consumer.Assign(_next.Select(partition => new TopicPartitionOffset(partition.Key, partition.Value)));
    }

    /// <summary>How often each event is on the topic. To be asked when <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyDictionary<Guid, int> Copies => _copies;

    /// <summary>Reads until cancelled, and then on to what is the end at that time.</summary>
    /// <exception cref="KafkaException">The broker does not say what is the end.</exception>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    public void Dispose() => _consumer.Dispose();

    private void Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
            ReadOne();

        var ends = _next.Keys.ToDictionary(partition => partition, End);
        while (ends.Any(end => _next[end.Key] < end.Value))
            ReadOne();
    }

    private Offset End(TopicPartition partition) => _consumer.QueryWatermarkOffsets(partition, Timeout).High;

    private void ReadOne()
    {
        try
        {
            if (_consumer.Consume(Poll) is not { } result)
                return;
            _next[result.TopicPartition] = result.Offset + 1;
            if (DetectionEventJson.TryRead(result.Message.Value, out var detectionEvent, out _)
                && detectionEvent.DeviceId.StartsWith(_plan.DevicePrefix, StringComparison.Ordinal)
                && detectionEvent.EventId is { } eventId)
            {
                _copies[eventId] = _copies.GetValueOrDefault(eventId) + 1;
            }
        }
        catch (ConsumeException)
        {
            // The broker is away; the client goes on trying.
        }
    }
}
