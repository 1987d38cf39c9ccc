using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Server.Live;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// What becomes of a message: an event is counted and made visible, one seen before is counted as that, and what is no
/// event is a dead letter. Whose it is says its device_id, whatever its key: the first version of this pipeline sent
/// none. What many messages change is written at once; then it can be seen. For the thread that reads Kafka alone.
/// </summary>
internal sealed class MessageHandler(
    PendingEvents pending,
    LiveFeed feed,
    DeadLetters deadLetters,
    MessagingTelemetry telemetry,
    IMeterFactory meters,
    TimeProvider time)
{
    /// <summary>The only kind of error that processing a message can end with.</summary>
    private const string NotAnEvent = "not_an_event";

    private readonly Counter<long> _messages = meters.Create(ServerTelemetry.Name)
        .CreateCounter<long>("edgecloud.messages", "{message}", "Messages read from Kafka, by outcome");

    private readonly Counter<long> _voidPositions = meters.Create(ServerTelemetry.Name).CreateCounter<long>(
        "edgecloud.positions.void", "{partition}",
        "Positions in partitions that were void, since the topic was made anew or its log lost messages");

    private readonly List<Outcome> _outcomes = [];

    /// <summary>Whether there is something to <see cref="Flush"/>.</summary>
    public bool HasPending => pending.Any;

    /// <summary>Whether it is time for it, while more messages are there.</summary>
    public bool MustFlush => pending.IsFull;

    /// <summary>The log of a partition is not the one that was read.</summary>
    public void BeginLog(int partition)
    {
        pending.Forget(partition);
        _voidPositions.Add(1);
    }

    /// <summary>Throws away what is not written: it is read again.</summary>
    public void Discard()
    {
        foreach (var outcome in _outcomes)
            outcome.Process.Dispose();
        _outcomes.Clear();
        pending.Discard();
    }

    /// <summary>All that Kafka has of a partition has been handled.</summary>
    public void ReachedEnd(int partition) => pending.ReachedEnd(partition);

    /// <param name="result">A message before the stored position: it only says which event is known.</param>
    public void Recall(ConsumeResult<byte[], byte[]> result)
    {
        telemetry.Consumed(result.Partition);
        pending.Recall(result);
        Count("replay");
    }

    /// <param name="result">A message that is counted, though the stored position does not say so.</param>
    public void Skip(ConsumeResult<byte[], byte[]> result)
    {
        Recall(result);
        pending.Change(result);
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
            if (isEvent)
                pending.TryAdd(result, summary, json, arrived);
            else
                pending.Change(result).DeadLetters++;
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

            pending.Change(result).DeadLetters++;
            Count("dead_letter");
            return;
        }

        var process = telemetry.StartProcess(result, polled);
        var isNew = pending.TryAdd(result, summary, json, arrived);
        Count(isNew ? "event" : "duplicate");
        _outcomes.Add(new Outcome(process, summary, isNew ? json : null));

        // It goes on when its batch is written.
        if (process.Span is not null)
            Activity.Current = null;
    }

    /// <summary>Writes what has been handled, and makes it visible.</summary>
    /// <inheritdoc cref="PendingEvents.Write" path="/exception"/>
    public void Flush(CancellationToken cancellationToken)
    {
        if (!pending.Any)
            return;
        var started = time.GetUtcNow();
        lock (feed.Shown)
        {
            foreach (var (partition, position) in pending.Write(cancellationToken))
                feed.Shown[partition] = position;
            Show(started);
        }
    }

    private void Show(DateTimeOffset started)
    {
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
    }

    private void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="Json">Null for an event that is not new.</param>
    private readonly record struct Outcome(MessageOperation Process, EventSummary Summary, byte[]? Json);
}
