using Confluent.Kafka;
using OpenTelemetry.Context.Propagation;

namespace OpenTelemetry.Instrumentation.ConfluentKafka;

internal sealed class InstrumentedProducerBuilder<TKey, TValue>(ProducerConfig config) : ProducerBuilder<TKey, TValue>(config)
{
    public KafkaTelemetry Telemetry { get; } = new();

    public ProducerConfig Settings => config;

    public override IProducer<TKey, TValue> Build() => new InstrumentedProducer<TKey, TValue>(base.Build(), Telemetry);
}

internal sealed class InstrumentedProducer<TKey, TValue>(IProducer<TKey, TValue> inner, KafkaTelemetry telemetry) : IProducer<TKey, TValue>
{
    private readonly TextMapPropagator propagator = Propagators.DefaultTextMapPropagator;

    public Handle Handle => inner.Handle;

    public string Name => inner.Name;

    public async Task<DeliveryResult<TKey, TValue>> ProduceAsync(
        string topic, Message<TKey, TValue> message, CancellationToken cancellationToken = default)
    {
        using var publish = Begin(topic, null, message);
        try
        {
            return await inner.ProduceAsync(topic, message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (publish.Failed<TKey, TValue>(failure))
        {
            throw;
        }
    }

    public async Task<DeliveryResult<TKey, TValue>> ProduceAsync(
        TopicPartition topicPartition, Message<TKey, TValue> message, CancellationToken cancellationToken = default)
    {
        using var publish = Begin(topicPartition.Topic, topicPartition.Partition, message);
        try
        {
            return await inner.ProduceAsync(topicPartition, message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (publish.Failed<TKey, TValue>(failure))
        {
            throw;
        }
    }

    public void Produce(string topic, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null)
    {
        using var publish = Begin(topic, null, message);
        try
        {
            inner.Produce(topic, message, deliveryHandler);
        }
        catch (Exception failure) when (publish.Failed<TKey, TValue>(failure))
        {
            throw;
        }
    }

    public void Produce(TopicPartition topicPartition, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null)
    {
        using var publish = Begin(topicPartition.Topic, topicPartition.Partition, message);
        try
        {
            inner.Produce(topicPartition, message, deliveryHandler);
        }
        catch (Exception failure) when (publish.Failed<TKey, TValue>(failure))
        {
            throw;
        }
    }

    public int AddBrokers(string brokers) => inner.AddBrokers(brokers);

    public void SetSaslCredentials(string username, string password) => inner.SetSaslCredentials(username, password);

    public int Poll(TimeSpan timeout) => inner.Poll(timeout);

    public int Flush(TimeSpan timeout) => inner.Flush(timeout);

    public void Flush(CancellationToken cancellationToken = default) => inner.Flush(cancellationToken);

    public void InitTransactions(TimeSpan timeout) => inner.InitTransactions(timeout);

    public void BeginTransaction() => inner.BeginTransaction();

    public void CommitTransaction(TimeSpan timeout) => inner.CommitTransaction(timeout);

    public void CommitTransaction() => inner.CommitTransaction();

    public void AbortTransaction(TimeSpan timeout) => inner.AbortTransaction(timeout);

    public void AbortTransaction() => inner.AbortTransaction();

    public void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout) =>
        inner.SendOffsetsToTransaction(offsets, groupMetadata, timeout);

    public void Dispose() => inner.Dispose();

    private Publish Begin(string topic, int? partition, Message<TKey, TValue> message) =>
        Publish.Begin(telemetry, propagator, Name, topic, partition, message);
}
