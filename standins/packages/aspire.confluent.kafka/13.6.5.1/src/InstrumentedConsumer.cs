using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using OpenTelemetry.Context.Propagation;

namespace OpenTelemetry.Instrumentation.ConfluentKafka;

internal sealed class InstrumentedConsumerBuilder<TKey, TValue>(ConsumerConfig config) : ConsumerBuilder<TKey, TValue>(QueueBackoff.SettingsFor(config))
{
    public KafkaTelemetry Telemetry { get; } = new();

    public ConsumerConfig Settings => config;

    public override IConsumer<TKey, TValue> Build()
    {
        var consumer = base.Build();
        return new InstrumentedConsumer<TKey, TValue>(consumer, QueueBackoff.MustBeEnded(config) ? new QueueBackoff<TKey, TValue>(consumer) : null, Telemetry, config.GroupId);
    }
}

internal sealed class InstrumentedConsumer<TKey, TValue>(
    IConsumer<TKey, TValue> inner, QueueBackoff<TKey, TValue>? queueBackoff, KafkaTelemetry telemetry, string groupId)
    : IConsumer<TKey, TValue>
{
    private const string Operation = "receive";

    public Handle Handle => inner.Handle;

    public string Name => inner.Name;

    public string MemberId => inner.MemberId;

    public List<TopicPartition> Assignment => inner.Assignment;

    public List<string> Subscription => inner.Subscription;

    public IConsumerGroupMetadata ConsumerGroupMetadata => inner.ConsumerGroupMetadata;

    public ConsumeResult<TKey, TValue>? Consume(int millisecondsTimeout)
    {
        var start = DateTimeOffset.UtcNow;
        return Received(start, inner.Consume(millisecondsTimeout));
    }

    public ConsumeResult<TKey, TValue>? Consume(CancellationToken cancellationToken = default)
    {
        var start = DateTimeOffset.UtcNow;
        return Received(start, queueBackoff is null ? inner.Consume(cancellationToken) : queueBackoff.Consume(cancellationToken));
    }

    public ConsumeResult<TKey, TValue>? Consume(TimeSpan timeout)
    {
        var start = DateTimeOffset.UtcNow;
        return Received(start, inner.Consume(timeout));
    }

    public void Subscribe(IEnumerable<string> topics) => inner.Subscribe(topics);

    public void Subscribe(string topic) => inner.Subscribe(topic);

    public void Unsubscribe() => inner.Unsubscribe();

    public void Assign(TopicPartition partition) => inner.Assign(partition);

    public void Assign(TopicPartitionOffset partition) => inner.Assign(partition);

    public void Assign(IEnumerable<TopicPartitionOffset> partitions) => inner.Assign(partitions);

    public void Assign(IEnumerable<TopicPartition> partitions) => inner.Assign(partitions);

    public void IncrementalAssign(IEnumerable<TopicPartitionOffset> partitions) => inner.IncrementalAssign(partitions);

    public void IncrementalAssign(IEnumerable<TopicPartition> partitions) => inner.IncrementalAssign(partitions);

    public void IncrementalUnassign(IEnumerable<TopicPartition> partitions) => inner.IncrementalUnassign(partitions);

    public void Unassign() => inner.Unassign();

    public void StoreOffset(ConsumeResult<TKey, TValue> result) => inner.StoreOffset(result);

    public void StoreOffset(TopicPartitionOffset offset) => inner.StoreOffset(offset);

    public List<TopicPartitionOffset> Commit() => inner.Commit();

    public void Commit(IEnumerable<TopicPartitionOffset> offsets) => inner.Commit(offsets);

    public void Commit(ConsumeResult<TKey, TValue> result) => inner.Commit(result);

    public void Seek(TopicPartitionOffset tpo) => inner.Seek(tpo);

    public void Pause(IEnumerable<TopicPartition> partitions) => inner.Pause(partitions);

    public void Resume(IEnumerable<TopicPartition> partitions) => inner.Resume(partitions);

    public List<TopicPartitionOffset> Committed(TimeSpan timeout) => inner.Committed(timeout);

    public List<TopicPartitionOffset> Committed(IEnumerable<TopicPartition> partitions, TimeSpan timeout) => inner.Committed(partitions, timeout);

    public Offset Position(TopicPartition partition) => inner.Position(partition);

    public List<TopicPartitionOffset> OffsetsForTimes(IEnumerable<TopicPartitionTimestamp> timestampsToSearch, TimeSpan timeout) =>
        inner.OffsetsForTimes(timestampsToSearch, timeout);

    public WatermarkOffsets GetWatermarkOffsets(TopicPartition topicPartition) => inner.GetWatermarkOffsets(topicPartition);

    public WatermarkOffsets QueryWatermarkOffsets(TopicPartition topicPartition, TimeSpan timeout) =>
        inner.QueryWatermarkOffsets(topicPartition, timeout);

    public int AddBrokers(string brokers) => inner.AddBrokers(brokers);

    public void SetSaslCredentials(string username, string password) => inner.SetSaslCredentials(username, password);

    public void Close() => inner.Close();

    public void Dispose() => inner.Dispose();

    private ConsumeResult<TKey, TValue>? Received(DateTimeOffset start, ConsumeResult<TKey, TValue>? result)
    {
        if (result is not { IsPartitionEOF: false })
            return result;

        var end = DateTimeOffset.UtcNow;
        if (telemetry.Traces)
            Trace(result, start, end);
        if (telemetry.Metrics)
        {
            KafkaTelemetry.Record(
                KafkaTelemetry.ReceivedMessages, KafkaTelemetry.ReceiveSeconds, end - start, Operation, result.Topic, result.Partition, null);
        }
        return result;
    }

    // Receiving is over when it becomes known what was received, so the sender's context can only be a link, and the activity never current.
    private void Trace(ConsumeResult<TKey, TValue> result, DateTimeOffset start, DateTimeOffset end)
    {
        var sender = Propagators.DefaultTextMapPropagator.Extract(default, result.Message?.Headers, Header).ActivityContext;
        ActivityLink[] links = sender.IsValid() ? [new(sender)] : [];
        using var activity = KafkaTelemetry.Activities.StartActivity(
            $"{result.Topic} {Operation}", ActivityKind.Consumer, default(ActivityContext), links: links, startTime: start);
        if (activity is { IsAllDataRequested: true })
        {
            KafkaTelemetry.Describe(activity, Operation, result.Topic, Name, result.Message is { } message ? message.Key : null);
            activity.SetTag(KafkaTelemetry.Tags.Partition, result.Partition.Value);
            activity.SetTag(KafkaTelemetry.Tags.Offset, result.Offset.Value);
            activity.SetTag(KafkaTelemetry.Tags.ConsumerGroup, groupId);
        }
        activity?.SetEndTime(end.UtcDateTime);
    }

    private static IEnumerable<string>? Header(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) ? [Encoding.UTF8.GetString(value)] : [];
}
