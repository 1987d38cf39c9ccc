using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// The partitions of the presence topic, all of which this server reads, and where reading them goes on. For the thread
/// that reads them alone.
/// </summary>
internal sealed class PresencePartitions(
    IConsumer<Ignore, byte[]> consumer, EventStore store, IOptions<IngestOptions> options) : IDisposable
{
    /// <summary>How many questions for the topic's id are asked in vain until there is taken to be none.</summary>
    private const int MaxUnanswered = 3;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    private readonly TopicDescriber _describer = new(consumer.Handle);
    private readonly IAdminClient _admin = new DependentAdminClientBuilder(consumer.Handle).Build();
    private readonly Dictionary<int, Position> _stored = [];
    private int _count;

    /// <summary>Null until known. The built-in cluster, and brokers before 2.8, do not know what is asked.</summary>
    private bool? _hasTopicIds;
    private int _unanswered;

    public string Topic => options.Value.PresenceTopic;

    /// <summary>The topic's id; empty where the broker has none.</summary>
    public string Log { get; private set; } = "";

    public bool Any => _count > 0;

    /// <summary>The positions that were stored, here or by another, by partition.</summary>
    public IReadOnlyDictionary<int, Position> Stored => _stored;

    /// <summary>
    /// Assigns what has come since the last look: new partitions, or all of a topic that was made anew. What is stored
    /// says where to begin, as long as it is of the same log; where the broker does not say which it is, reading begins
    /// with the beginning. A store that has lost a position is written again from those that it has.
    /// </summary>
    /// <returns>Whether the topic is another than the one that was read.</returns>
    /// <exception cref="KafkaException">Kafka does not say.</exception>
    /// <exception cref="TimeoutException">Its client does not.</exception>
    /// <exception cref="System.Data.Common.DbException">The store is away.</exception>
    public bool Look(CancellationToken cancellationToken)
    {
        if (Ask(cancellationToken) is not { Count: > 0 } topic)
            return false;
        var isAnother = Any && topic.Log != Log;
        var isMadeAnew = isAnother && Log != "";
        var positions = store.Positions(Topic);
        var known = isAnother || VisitBatch.Lost(_stored, positions) is not null ? 0 : _count;
        if (topic.Count <= known)
            return false;

        if (known == 0)
            _stored.Clear();
        List<TopicPartitionOffset> begin =
        [
            .. from partition in Enumerable.Range(known, topic.Count - known)
               let isKnown = positions.TryGetValue(partition, out var stored) && stored.Log == topic.Log
               select new TopicPartitionOffset(
                   Topic, partition,
                   isKnown && topic.Log != "" ? new Offset(positions[partition].Next) : Offset.Beginning),
        ];
        if (known == 0)
            consumer.Assign(begin);
        else
            consumer.IncrementalAssign(begin);
        foreach (var position in begin.Where(static position => position.Offset != Offset.Beginning))
            _stored[position.Partition] = positions[position.Partition];
        (Log, _count) = (topic.Log, topic.Count);
        return isMadeAnew;
    }

    /// <summary>Positions have been stored.</summary>
    public void NoteStored(IReadOnlyDictionary<int, Position> positions)
    {
        foreach (var (partition, position) in positions)
            _stored[partition] = position;
    }

    /// <summary>Has none until the next look, which begins with what is stored then.</summary>
    public void Forget()
    {
        consumer.Unassign();
        _stored.Clear();
        _count = 0;
    }

    public void Dispose()
    {
        _describer.Dispose();
        _admin.Dispose();
    }

    /// <returns>Null when there is no such topic.</returns>
    private (string Log, int Count)? Ask(CancellationToken cancellationToken)
    {
        try
        {
            if (_hasTopicIds is not false)
            {
                var topic = _describer.DescribeAsync(Topic, AnswerTimeout, cancellationToken).GetAwaiter().GetResult();
                var id = topic.TopicId;
                _hasTopicIds = (id.MostSignificantBits, id.LeastSignificantBits) != (0, 0);
                return (_hasTopicIds.Value ? id.ToString() : "", topic.Partitions.Count);
            }
        }
        catch (DescribeTopicsException)
        {
            return null;
        }
        catch (KafkaException) when (_hasTopicIds is null)
        {
            // Away, which the next question says, or it does not know what was asked: a built-in cluster says nothing.
            var count = Count();
            _hasTopicIds = ++_unanswered < MaxUnanswered ? null : false;
            return count;
        }

        return Count();
    }

    /// <summary>Asks for all topics: a question for one that is not there would create it.</summary>
    private (string Log, int Count)? Count() =>
        _admin.GetMetadata(AnswerTimeout).Topics.Find(topic => topic.Topic == Topic) is { } found
            ? ("", found.Partitions.Count)
            : null;
}
