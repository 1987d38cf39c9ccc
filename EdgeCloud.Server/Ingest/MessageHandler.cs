using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.Server.Live;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// What becomes of a message: an event is counted and made visible, one seen before is counted as that, and what is no
/// event is a dead letter. Whose it is says its device_id, whatever its key: the first version of this pipeline sent
/// none. What many messages change is written at once, with the positions behind them; then it can be seen. For the
/// thread that reads Kafka alone.
/// </summary>
internal sealed class MessageHandler(
    EventStore store,
    IngestProgress progress,
    LiveFeed feed,
    DeadLetters deadLetters,
    MessagingTelemetry telemetry,
    IntensityFeed intensity,
    IOptions<IngestOptions> options,
    IOptions<DeviceOptions> devices,
    IMeterFactory meters,
    TimeProvider time)
{
    /// <summary>The only kind of error that processing a message can end with.</summary>
    private const string NotAnEvent = "not_an_event";

    private const double JoulesPerKwh = 3.6e6;

    private const int MaxMessages = 20_000;
    private const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>How long an event waits at most for those after it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);

    private readonly Counter<long> _messages = meters.Create(ServerTelemetry.Name)
        .CreateCounter<long>("edgecloud.messages", "{message}", "Messages read from Kafka, by outcome");

    private readonly Counter<long> _voidPositions = meters.Create(ServerTelemetry.Name).CreateCounter<long>(
        "edgecloud.positions.void", "{partition}",
        "Positions in partitions that were void, since the topic was made anew or its log lost messages");

    private readonly Dictionary<int, KnownEvents> _known = [];
    private readonly Dictionary<int, DateTimeOffset> _forgotAt = [];
    private readonly EventBatch _batch = store.CreateBatch();
    private readonly List<Outcome> _outcomes = [];
    private long _batchStarted;

    /// <summary>Whether there is something to <see cref="Flush"/>.</summary>
    public bool HasBatch => _batch.Messages > 0;

    /// <summary>Whether it is time for it, while more messages are there.</summary>
    public bool MustFlush => HasBatch && (_batch.Messages >= MaxMessages || _batch.Bytes >= MaxBytes
        || time.GetElapsedTime(_batchStarted) >= MaxAge);

    /// <summary>Knows no event of a partition any more: they are read again.</summary>
    public void Forget(int partition) => _known.Remove(partition);

    /// <summary>As <see cref="Forget"/>, since the log is not the one that was read.</summary>
    public void BeginLog(int partition)
    {
        Forget(partition);
        _voidPositions.Add(1);
    }

    /// <summary>Throws away what is not written: it is read again.</summary>
    public void Discard()
    {
        foreach (var outcome in _outcomes)
            outcome.Process.Dispose();
        _outcomes.Clear();
        _batch.Clear();
        _known.Clear();
    }

    /// <summary>All that Kafka has of a partition has been handled.</summary>
    public void ReachedEnd(int partition)
    {
        var now = time.GetUtcNow();
        if (now - _forgotAt.GetValueOrDefault(partition) < ForgetInterval)
            return;
        _forgotAt[partition] = now;
        try
        {
            store.ForgetSilent(partition);
        }
        catch (DbException)
        {
            // Away; the store has said so. There is another minute.
        }
    }

    /// <param name="result">A message before the stored position: it only says which event is known.</param>
    public void Recall(ConsumeResult<byte[], byte[]> result)
    {
        telemetry.Consumed(result.Partition);
        if (DetectionEventJson.TrySummarize(
            DetectionEventJson.WithoutMark(result.Message.Value), out var summary, out _))
            Known(result.Partition).TryAdd(summary.EventId);
        Count("replay");
    }

    /// <param name="result">A message that is counted, though the stored position does not say so.</param>
    public void Skip(ConsumeResult<byte[], byte[]> result)
    {
        Recall(result);
        Change(result);
    }

    /// <param name="result">A message that is not counted.</param>
    /// <param name="arrived">When Kafka took it; null when that is not known.</param>
    /// <param name="polled">How long it was waited for.</param>
    /// <param name="isReplay">The group finished with it before, so that it is news to nobody.</param>
    /// <param name="cancellationToken">Ends the attempts to set it aside.</param>
    public void Handle(
        ConsumeResult<byte[], byte[]> result, DateTimeOffset? arrived, TimeSpan polled, bool isReplay,
        CancellationToken cancellationToken)
    {
        var json = DetectionEventJson.WithoutMark(result.Message.Value);
        var isEvent = DetectionEventJson.TrySummarize(json, out var summary, out var reason);
        if (isReplay)
        {
            telemetry.Consumed(result.Partition);
            Count("replay");
            var change = Change(result);
            if (isEvent)
                Add(change, result, summary, json, arrived);
            else
                change.DeadLetters++;
            return;
        }

        if (!isEvent)
        {
            // What came before it need not wait for it.
            Flush(cancellationToken);
            using (var refused = telemetry.StartProcess(result, polled))
            {
                deadLetters.Add(result, reason!, cancellationToken);
                refused.End(NotAnEvent, reason);
            }

            Change(result).DeadLetters++;
            Count("dead_letter");
            return;
        }

        var process = telemetry.StartProcess(result, polled);
        var isNew = Add(Change(result), result, summary, json, arrived);
        Count(isNew ? "event" : "duplicate");
        _outcomes.Add(new Outcome(process, summary, isNew ? json : null));

        // It goes on when its batch is written.
        if (process.Span is not null)
            Activity.Current = null;
    }

    /// <summary>
    /// Writes what has been handled, and makes it visible; while the store is away, tries again until cancelled.
    /// </summary>
    /// <exception cref="PositionException">Another server has read on from a position meanwhile.</exception>
    public void Flush(CancellationToken cancellationToken)
    {
        if (!HasBatch)
            return;
        var started = time.GetUtcNow();
        while (!TryWrite())
        {
            if (cancellationToken.WaitHandle.WaitOne(RetryDelay))
                cancellationToken.ThrowIfCancellationRequested();
        }

        foreach (var (partition, change) in _batch.Partitions)
            progress.NoteStored(partition, change.After);
        foreach (var (process, summary, json) in _outcomes)
        {
            using (process)
            {
                using (process.StartAggregate(started))
                {
                    if (json is not null)
                        feed.Publish(summary, json);
                }

                process.End();
            }
        }

        _outcomes.Clear();
        _batch.Clear();
    }

    private bool TryWrite()
    {
        try
        {
            store.Write(_batch, options.Value.Topic);
            return true;
        }
        catch (DbException)
        {
            // The store has said so.
            return false;
        }
    }

    private PartitionChange Change(ConsumeResult<byte[], byte[]> result)
    {
        if (!HasBatch)
            _batchStarted = time.GetTimestamp();
        return _batch.Handled(
            result.Partition, progress.Stored(result.Partition),
            new Position(progress.Log, result.Offset + 1, result.Message.Timestamp.UnixTimestampMs));
    }

    /// <returns>False for an event that was counted before.</returns>
    private bool Add(
        PartitionChange change, ConsumeResult<byte[], byte[]> result, in EventSummary summary, byte[] json,
        DateTimeOffset? arrived)
    {
        var known = Known(result.Partition);
        if (!known.TryAdd(summary.EventId))
        {
            change.Duplicates++;
            return false;
        }

        var now = time.GetUtcNow();
        var happened = known.Believe(summary.Timestamp, now, arrived);
        TimeSpan? freshness = arrived - (summary.CapturedAt ?? summary.Timestamp) is { Ticks: >= 0 } age ? age : null;
        var grams = summary.EnergyJoules is { } joules ? joules / JoulesPerKwh * intensity.Current.GramsPerKwh : 0;
        _batch.Add(
            change,
            new CountedEvent(
                summary, json, result.Partition, result.Offset, happened, arrived ?? happened, freshness, grams),
            now);
        return true;
    }

    private KnownEvents Known(int partition)
    {
        if (!_known.TryGetValue(partition, out var known))
            _known.Add(partition, known = new KnownEvents(devices.Value.DeduplicationWindow));
        return known;
    }

    private void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="Json">Null for an event that is not new.</param>
    private readonly record struct Outcome(MessageOperation Process, EventSummary Summary, byte[]? Json);
}
