using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EdgeCloud.Contract;

namespace EdgeCloud.Cli.Load;

/// <summary>
/// Reads along on the topic from where it ends now, without a group, and notes where each event of this run is. A
/// topic that is made anew has another log and another id; what was read of the log before is remembered, since it
/// can be read nowhere any more.
/// </summary>
internal sealed class TopicReader : IDisposable
{
    private const string NoId = "";
    private const int MaxTimedOut = 3;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FollowTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly string _devicePrefix;
    private readonly KafkaConnection _kafka;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly IAdminClient _admin;
    private readonly TopicDescriber _describer;

    /// <summary>Which event is where. Guarded by itself.</summary>
    private readonly Dictionary<Place, Guid> _events = [];

    private readonly Dictionary<int, Offset> _next = [];
    private readonly HashSet<int> _lost = [];
    private volatile Description _newest = new(null, 0);
    private Description _followed = new(null, 0);
    private int _log;
    private long _lostAt;
    private int _timedOut;
    private volatile string? _problem = "it was not waited for";

    private TopicReader(LoadPlan plan)
    {
        _devicePrefix = plan.DevicePrefix;
        _kafka = new KafkaConnection(plan.Kafka!);
        _consumer = _kafka.CreateConsumer(new ConsumerConfig
        {
            GroupId = plan.DevicePrefix,
            EnableAutoCommit = false,

            // Where a log begins again is decided here.
            AutoOffsetReset = AutoOffsetReset.Error,
        });
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        _describer = new TopicDescriber(_consumer.Handle);
    }

    /// <summary>How many events were read so far.</summary>
    public int Count
    {
        get
        {
            lock (_events)
                return _events.Count;
        }
    }

    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public static async Task<TopicReader> StartAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var reader = new TopicReader(plan);
        try
        {
            await Task.Run(reader.BeginAtTheEnd, CancellationToken.None).WaitAsync(cancellationToken);
            return reader;
        }
        catch (KafkaException exception)
        {
            reader.Dispose();
            throw reader._kafka.Explain(exception);
        }
    }

    /// <summary>Reads until cancelled, and then on to what is the end at that time, if Kafka says so.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var reading = Task.Factory.StartNew(
            () => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await FollowTopicAsync(cancellationToken);
        await reading;
    }

    /// <summary>What became of the events accepted, as far as it was read.</summary>
    public TopicReport Report(IReadOnlyCollection<Guid> accepted)
    {
        lock (_events)
        {
            var there = _newest.Topic is null ? -1 : _log;
            var all = _events.Values.ToHashSet();
            var now = _events.Where(one => one.Key.Log == there).Select(one => one.Value).ToHashSet();
            return new TopicReport(all.Count, _events.Count - all.Count, accepted.Count(id => !all.Contains(id)))
            {
                Gone = accepted.Count(id => all.Contains(id) && !now.Contains(id)),
                Unanswered = all.Except(accepted).Count(),
                Problem = _problem,
            };
        }
    }

    public void Dispose()
    {
        _describer.Dispose();
        _admin.Dispose();
        _consumer.Dispose();
    }

    private void BeginAtTheEnd()
    {
        _newest = _followed = Describe(AnswerTimeout);
        foreach (var partition in _newest.Topic?.Partitions ?? [])
            _next[partition] = End(partition, AnswerTimeout);
        Assign();
    }

    private void Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Follow(_newest);
            ReadOne(Poll);
        }

        try
        {
            ReadToEnd();
            _problem = null;
        }
        catch (KafkaException exception)
        {
            _problem = exception.Error.Reason;
        }
    }

    private void ReadToEnd()
    {
        _newest = DescribeAsync(FollowTimeout, CancellationToken.None).GetAwaiter().GetResult();
        Follow(_newest);
        var ends = (_newest.Topic?.Partitions ?? []).ToDictionary(partition => partition, partition =>
            End(partition, AnswerTimeout));
        var progress = Stopwatch.GetTimestamp();
        while (ends.Any(end => _next.GetValueOrDefault(end.Key, 0) < end.Value && end.Value > 0))
        {
            if (ReadOne(Poll))
                progress = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetElapsedTime(progress) > AnswerTimeout)
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, "its last messages do not come"));
        }
    }

    /// <summary>Asks again and again which log the topic has; reading does not wait for the answers.</summary>
    private async Task FollowTopicAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(FollowInterval);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                _newest = await DescribeAsync(FollowTimeout, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (KafkaException)
            {
                // The broker is away; what is known of the topic stays.
            }
        }
    }

    /// <exception cref="KafkaException">The broker does not answer.</exception>
    private async Task<Description> DescribeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        if (_timedOut >= MaxTimedOut)
            return Describe(timeout);
        try
        {
            var topic = await _describer.DescribeAsync(DetectionTopic.Name, timeout, cancellationToken);
            _timedOut = 0;
            return new Description(
                new Topic($"{topic.TopicId}", [.. topic.Partitions.Select(partition => partition.Partition)]), asked);
        }
        catch (DescribeTopicsException exception)
            when (exception.Results.TopicDescriptions[0].Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            return new Description(null, asked);
        }
        catch (Exception exception)
            when (exception is TimeoutException or KafkaException { Error.Code: ErrorCode.Local_TimedOut })
        {
            // A cluster that elects another controller, or the built-in one, which has none and no topic ids.
            var described = Describe(timeout);
            _timedOut++;
            return described;
        }
    }

    /// <exception cref="KafkaException">The broker does not answer.</exception>
    private Description Describe(TimeSpan timeout)
    {
        var asked = Stopwatch.GetTimestamp();
        var topic = _admin.GetMetadata(DetectionTopic.Name, timeout).Topics[0];
        return new Description(
            topic.Partitions.Count == 0
                ? null
                : new Topic(NoId, [.. topic.Partitions.Select(partition => partition.PartitionId)]),
            asked);
    }

    private void Follow(Description newest)
    {
        if (newest.Topic is not { } topic || newest == _followed)
            return;
        var before = _followed.Topic;
        var isStray = _lost.Count > 0 && newest.AskedAt > _lostAt;
        var isAnother = before is not null && before.Id != NoId && topic.Id != before.Id && topic.Id != NoId;
        if (isAnother || isStray || before?.Partitions.Length != topic.Partitions.Length)
        {
            // What the client has fetched already would be dropped with its assignment.
            while (ReadOne(TimeSpan.Zero))
            {
            }

            if (isAnother || (isStray && topic.Id == NoId))
            {
                _log++;
                _next.Clear();
            }

            foreach (var partition in _lost)
                _next.Remove(partition);
            _lost.Clear();
            _followed = topic.Id == NoId && before is not null
                ? newest with { Topic = topic with { Id = before.Id } }
                : newest;
            Assign();
        }
        else if (topic.Id != NoId)
        {
            _followed = newest;
        }
    }

    private void Assign() => _consumer.Assign((_followed.Topic?.Partitions ?? []).Select(partition =>
        new TopicPartitionOffset(
            DetectionTopic.Name, partition, _next.TryGetValue(partition, out var next) ? next : Offset.Beginning)));

    private Offset End(int partition, TimeSpan timeout) =>
        _consumer.QueryWatermarkOffsets(new TopicPartition(DetectionTopic.Name, partition), timeout).High;

    private bool ReadOne(TimeSpan patience)
    {
        try
        {
            if (_consumer.Consume(patience) is not { } result)
                return false;
            _next[result.Partition] = result.Offset + 1;
            if (DetectionEventJson.TryRead(result.Message.Value, out var detectionEvent, out _)
                && detectionEvent.DeviceId.StartsWith(_devicePrefix, StringComparison.Ordinal)
                && detectionEvent.EventId is { } eventId)
            {
                Note(new Place(_log, result.Partition, result.Offset), eventId);
            }

            return true;
        }
        catch (ConsumeException exception) when (exception.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            // The log that we were reading has no such offset, so it may be another one. Whether it is, is asked.
            _lost.Add(exception.ConsumerRecord.Partition);
            _lostAt = Stopwatch.GetTimestamp();
            return true;
        }
        catch (ConsumeException)
        {
            // The broker is away; the client goes on trying.
            return false;
        }
    }

    private void Note(Place place, Guid eventId)
    {
        lock (_events)
        {
            // Read before it was known that the log is another one.
            var early = place with { Log = place.Log - 1 };
            if (_events.TryGetValue(early, out var same) && same == eventId)
                _events.Remove(early);
            _events[place] = eventId;
        }
    }

    private readonly record struct Place(int Log, int Partition, long Offset);

    private sealed record Topic(string Id, int[] Partitions);

    /// <param name="Topic">Null when there is none.</param>
    /// <param name="AskedAt">Timestamp.</param>
    private sealed record Description(Topic? Topic, long AskedAt);
}
