using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Cli.Commands;

/// <summary>A dead letter as it lies on its topic, without its value.</summary>
/// <param name="OriginalTopic">Null when the message is none of ours.</param>
/// <param name="Origin">Where the original lies, partition@offset.</param>
/// <param name="SizeBytes">Of the original's value.</param>
/// <param name="Truncated">Whether the letter does not hold all of it.</param>
internal sealed record DeadLetter(
    TopicPartitionOffset Position, DateTime Time, string Reason, string? OriginalTopic, string Origin, string Key,
    string SizeBytes, bool Truncated)
{
    /// <summary>When it was sent again, if it was.</summary>
    public DateTime? Replayed { get; init; }
}

/// <summary>
/// Reads a topic of dead letters and sends letters again. That one was sent again is written down on the same topic,
/// as a receipt, once the original topic has taken it: so the next replay passes it over, whatever it chooses by, and
/// everybody who looks knows.
/// </summary>
internal sealed class DeadLetterLog : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AnswerPortion = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    private readonly string _topic;
    private readonly KafkaConnection _kafka;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly IProducer<byte[], byte[]> _producer;

    /// <exception cref="KafkaException">A setting cannot be.</exception>
    public DeadLetterLog(string bootstrapServers, string topic)
    {
        _topic = topic;
        _kafka = new KafkaConnection(bootstrapServers);
        _consumer = _kafka.CreateConsumer(new ConsumerConfig
        {
            // A consumer must name a group; this one reads without joining it.
            GroupId = "edgecloud-dlq",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 20,
        });
        _producer = _kafka.CreateProducer(new ProducerConfig
        {
            EnableIdempotence = true,
            LingerMs = 0,
            MessageTimeoutMs = (int)SendTimeout.TotalMilliseconds,
        });
    }

    /// <returns>Every letter retained, oldest first.</returns>
    /// <exception cref="KafkaException">The broker cannot be reached, or the topic goes meanwhile.</exception>
    public IReadOnlyList<DeadLetter> Read(CancellationToken cancellationToken)
    {
        var partitions = Partitions(cancellationToken);
        _consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(_topic, partition, Offset.Beginning)));

        List<DeadLetter> letters = [];
        Dictionary<(string?, string?), DateTime> receipts = [];
        for (var ends = 0; ends < partitions.Length;)
        {
            var result = ReadNext(cancellationToken);
            if (result.IsPartitionEOF)
                ends++;
            else if (Header(result, DeadLetterHeaders.ReplayedOffset) is { } offset)
                receipts[(Header(result, DeadLetterHeaders.ReplayedPartition), offset)] =
                    result.Message.Timestamp.UtcDateTime;
            else
                letters.Add(Describe(result));
        }

        return
        [
            .. letters.Select(letter =>
                receipts.TryGetValue((Text(letter.Position.Partition), Text(letter.Position.Offset)), out var time)
                    ? letter with { Replayed = time } : letter)
                .OrderBy(letter => letter.Time)
                .ThenBy(letter => letter.Position.Partition.Value).ThenBy(letter => letter.Position.Offset.Value)
        ];
    }

    /// <summary>Sends the original, with its key and its headers, to the topic it came from.</summary>
    /// <exception cref="KafkaException">Kafka does not take it.</exception>
    public async Task ReplayAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        _consumer.Assign(letter.Position);
        var message = ReadNext(cancellationToken).Message;
        await _producer.ProduceAsync(
            letter.OriginalTopic, new Message<byte[], byte[]>
            {
                Key = message.Key,
                Value = message.Value,
                Headers = DeadLetterHeaders.Original(message.Headers),
            }, cancellationToken);

        // Not to be interrupted any more: without the receipt it would be sent once more.
        await _producer.ProduceAsync(
            letter.Position.TopicPartition,
            new Message<byte[], byte[]> { Headers = DeadLetterHeaders.CreateReceipt(letter.Position) },
            CancellationToken.None);
    }

    public void Dispose()
    {
        _consumer.Dispose();
        _producer.Dispose();
    }

    /// <summary>The next message, or that a partition is at its end.</summary>
    /// <exception cref="KafkaException">Nothing comes.</exception>
    private ConsumeResult<byte[], byte[]> ReadNext(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            return _consumer.Consume(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw _kafka.Explain(new KafkaException(new Error(
                ErrorCode.Local_TimedOut, $"{_topic} was not read to its end: nothing came for {AnswerTimeout}")));
        }
    }

    private int[] Partitions(CancellationToken cancellationToken)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        try
        {
            return Metadata(admin, cancellationToken).Topics
                .Single().Partitions.Select(partition => partition.PartitionId).ToArray();
        }
        catch (KafkaException exception)
        {
            throw _kafka.Explain(exception);
        }
    }

    /// <summary>
    /// Asks in portions, since asking cannot be cancelled, and the client must not be disposed of meanwhile.
    /// </summary>
    private Metadata Metadata(IAdminClient admin, CancellationToken cancellationToken)
    {
        for (var asked = Stopwatch.GetTimestamp(); ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return admin.GetMetadata(_topic, AnswerPortion);
            }
            catch (KafkaException exception)
                when (exception.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport
                    && Stopwatch.GetElapsedTime(asked) < AnswerTimeout)
            {
                // Asked again.
            }
        }
    }

    private static DeadLetter Describe(ConsumeResult<byte[], byte[]> letter)
    {
        var originalSize = Header(letter, DeadLetterHeaders.OriginalSize);
        return new DeadLetter(
            letter.TopicPartitionOffset, letter.Message.Timestamp.UtcDateTime,
            Header(letter, DeadLetterHeaders.Reason) ?? "", Header(letter, DeadLetterHeaders.Topic),
            $"{Header(letter, DeadLetterHeaders.Partition)}@{Header(letter, DeadLetterHeaders.Offset)}",
            letter.Message.Key is { } key ? Encoding.UTF8.GetString(key) : "",
            originalSize ?? Text(letter.Message.Value?.Length ?? 0), originalSize is not null);
    }

    private static string? Header(ConsumeResult<byte[], byte[]> message, string name) =>
        DeadLetterHeaders.Find(message.Message.Headers, name);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
