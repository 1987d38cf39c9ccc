using Confluent.Kafka;
using EdgeCloud.Contract;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Keeps what is not an event for inspection: on a topic of its own, with the reason and where it came from in the
/// headers.
/// </summary>
internal sealed partial class DeadLetters(
    IProducer<byte[], byte[]> producer,
    MessagingTelemetry telemetry,
    IOptions<IngestOptions> options,
    ILogger<DeadLetters> logger)
{
    private const int TruncatedBytes = 64 * 1024;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the dead letter is stored; while Kafka does not take it, tries again until
    /// cancelled.</summary>
    public void Add(ConsumeResult<byte[], byte[]> rejected, string reason, CancellationToken cancellationToken)
    {
        Log.Rejected(logger, rejected.Topic, rejected.Partition.Value, rejected.Offset.Value, reason);
        var letters = new Queue<Message<byte[], byte[]>>(LargestFirst(rejected, reason));
        while (true)
        {
            try
            {
                Send(letters.Peek(), rejected.Message.Headers, cancellationToken);
                return;
            }
            catch (KafkaException exception)
                when (exception.Error.Code == ErrorCode.MsgSizeTooLarge && letters.Count > 1)
            {
                letters.Dequeue();
            }
            catch (KafkaException exception)
            {
                Log.NotKept(logger, options.Value.DeadLetterTopic, exception.Error.Reason);
                if (cancellationToken.WaitHandle.WaitOne(RetryDelay))
                    cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private void Send(Message<byte[], byte[]> letter, Headers? original, CancellationToken cancellationToken)
    {
        using var send = telemetry.StartSend(letter, original);
        try
        {
            producer.ProduceAsync(options.Value.DeadLetterTopic, letter, cancellationToken).GetAwaiter().GetResult();
            send.End();
        }
        catch (KafkaException exception)
        {
            send.End(exception.Error.Code.ToString(), exception.Error.Reason);
            throw;
        }
    }

    /// <summary>
    /// The whole original; the beginning of its value; and where not even its key and headers fit, only where it lies
    /// and why it was rejected.
    /// </summary>
    private static IEnumerable<Message<byte[], byte[]>> LargestFirst(
        ConsumeResult<byte[], byte[]> rejected, string reason)
    {
        var (message, size) = (rejected.Message, rejected.Message.Value?.Length ?? 0);
        yield return new() { Key = message.Key, Value = message.Value!, Headers = HeadersOf(message.Headers) };
        yield return new()
        {
            Key = message.Key,
            Value = Truncate(message.Value),
            Headers = HeadersOf(message.Headers, size),
        };
        yield return new() { Key = null!, Value = null!, Headers = HeadersOf(null, size) };

        Headers HeadersOf(Headers? original, long? originalSize = null) =>
            DeadLetterHeaders.Create(rejected.TopicPartitionOffset, original, reason, originalSize);
    }

    private static byte[] Truncate(byte[]? value) =>
        value is { Length: > TruncatedBytes } ? value[..TruncatedBytes] : value!;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Not an event: {Topic} [{Partition}] @ {Offset}: {Reason}")]
        public static partial void Rejected(ILogger logger, string topic, int partition, long offset, string reason);

        [LoggerMessage(2, LogLevel.Error, "A dead letter could not be written to {Topic}, trying again: {Reason}")]
        public static partial void NotKept(ILogger logger, string topic, string reason);
    }
}
