using Confluent.Kafka;
using EdgeCloud.ServiceDefaults.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>Keeps what is not an event for inspection: on a topic of its own, with the reason and where it came from in the headers.</summary>
internal sealed partial class DeadLetters(IProducer<byte[], byte[]> producer, IOptions<IngestOptions> options, ILogger<DeadLetters> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the dead letter is stored; while Kafka does not take it, tries again until cancelled.</summary>
    public void Add(ConsumeResult<byte[], byte[]> refused, string reason, CancellationToken cancellationToken)
    {
        Log.Refused(logger, refused.Topic, refused.Partition.Value, refused.Offset.Value, reason);
        var letter = new Message<byte[], byte[]>
        {
            Key = refused.Message.Key,
            Value = refused.Message.Value,
            Headers = DetectionTopic.CreateDeadLetterHeaders(refused.TopicPartitionOffset, refused.Message.Headers, reason),
        };

        while (true)
        {
            try
            {
                producer.ProduceAsync(options.Value.DeadLetterTopic, letter, cancellationToken).GetAwaiter().GetResult();
                return;
            }
            catch (KafkaException exception)
            {
                Log.NotKept(logger, options.Value.DeadLetterTopic, exception.Error.Reason);
                if (cancellationToken.WaitHandle.WaitOne(RetryDelay))
                    cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Not an event: {Topic} [{Partition}] @ {Offset}: {Reason}")]
        public static partial void Refused(ILogger logger, string topic, int partition, long offset, string reason);

        [LoggerMessage(2, LogLevel.Error, "A dead letter could not be written to {Topic}, trying again: {Reason}")]
        public static partial void NotKept(ILogger logger, string topic, string reason);
    }
}
