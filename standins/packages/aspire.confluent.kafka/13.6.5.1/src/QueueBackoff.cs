using Confluent.Kafka;

namespace OpenTelemetry.Instrumentation.ConfluentKafka;

/// <summary>
/// <c>fetch.queue.backoff.ms</c> for a librdkafka that lacks it: how long a consumer that has read ahead as far as it may rests before it looks again whether
/// there is room. Before 2.2.0 that is up to a second, for which nothing comes once what was read ahead is used up.
/// </summary>
internal static class QueueBackoff
{
    private const string Key = "fetch.queue.backoff.ms";
    private const int FirstVersionWithIt = 0x02_02_00_00;

    /// <returns>The settings, but for the one that the client would refuse.</returns>
    public static IEnumerable<KeyValuePair<string, string>> SettingsFor(ConsumerConfig config) =>
        MustBeEnded(config) ? config.Where(static setting => setting.Key != Key) : config;

    public static bool MustBeEnded(ConsumerConfig config) => config.FetchQueueBackoffMs is not null && Library.Version < FirstVersionWithIt;
}

/// <summary>Ends the rest when nothing is left: a request to a broker wakes the thread that reads from it, and it sees that there is room.</summary>
internal sealed class QueueBackoff<TKey, TValue>(IConsumer<TKey, TValue> consumer)
{
    /// <summary>After so many without a pause the consumer may have read ahead as far as it may; after fewer, it is just that nothing has come.</summary>
    public const int Many = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private int withoutPause;

    public ConsumeResult<TKey, TValue> Consume(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (consumer.Consume(TimeSpan.Zero) is { } waiting)
        {
            withoutPause++;
            return waiting;
        }

        if (withoutPause >= Many)
            Wake();
        withoutPause = 0;
        return consumer.Consume(cancellationToken);
    }

    private void Wake()
    {
        try
        {
            foreach (var partition in consumer.Assignment)
                consumer.QueryWatermarkOffsets(partition, Patience);
        }
        catch (KafkaException)
        {
            // It looks by itself within the second.
        }
    }
}
