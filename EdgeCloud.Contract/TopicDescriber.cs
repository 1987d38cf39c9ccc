using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace EdgeCloud.Contract;

/// <summary>
/// Asks Kafka what a topic's name stands for now: the log's id, and its partitions. An answer with a partition that no
/// replica is in sync with, as a broker gives that is shutting down, ends Confluent.Kafka 2.16's admin client without
/// a word: it frees its queue of answers, the question is never answered, and the next one, or disposing it, reads
/// freed memory. So a client whose question is not answered is not used again.
/// </summary>
/// <param name="client">Of a producer or a consumer that lives longer.</param>
public sealed class TopicDescriber(Handle client) : IDisposable
{
    private IAdminClient? _admin;

    /// <summary>May be asked again before it has answered; each question then has a client of its own.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="timeout">The client's own, which comes first when the client works at all.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DescribeTopicsException">There is no such topic.</exception>
    /// <exception cref="KafkaException">Kafka does not say.</exception>
    /// <exception cref="TimeoutException">The client does not answer.</exception>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public async Task<TopicDescription> DescribeAsync(
        string topic, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var admin = Interlocked.Exchange(ref _admin, null) ?? new DependentAdminClientBuilder(client).Build();
        var asked = admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = timeout });
        try
        {
            return (await asked.WaitAsync(2 * timeout, cancellationToken)).TopicDescriptions.Single();
        }
        finally
        {
            if (asked.IsCompleted)
                Interlocked.Exchange(ref _admin, admin)?.Dispose();
            else
                _ = asked.ContinueWith(_ => admin.Dispose(), TaskScheduler.Default);
        }
    }

    public void Dispose() => _admin?.Dispose();
}
