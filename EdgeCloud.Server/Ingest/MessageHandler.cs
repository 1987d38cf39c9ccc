using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Server.Devices;
using EdgeCloud.Server.Live;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// What becomes of a message: an event is counted and made visible, one seen before is counted as that, and what is no
/// event is a dead letter. Whose it is says its device_id, whatever its key: the first version of this pipeline sent
/// none. A replay, a message that the group finished with before, only rebuilds the state.
/// </summary>
internal sealed class MessageHandler(
    DeviceRegistry registry,
    LiveFeed feed,
    DeadLetters deadLetters,
    MessagingTelemetry telemetry,
    IMeterFactory meters)
{
    /// <summary>The only kind of error that processing a message can end with.</summary>
    private const string NotAnEvent = "not_an_event";

    private readonly Counter<long> _messages = meters.Create(ServerTelemetry.Name)
        .CreateCounter<long>("edgecloud.messages", "{message}", "Messages read from Kafka, by outcome");

    private readonly Counter<long> _voidPositions = meters.Create(ServerTelemetry.Name).CreateCounter<long>(
        "edgecloud.positions.void", "{partition}",
        "Positions in partitions that were void, since the topic was made anew or its log lost messages");

    public long Events => registry.Totals().Events;

    /// <summary>A partition is read again from its beginning: what was counted of it is not true any more.</summary>
    public void BeginAnew(int partition) => registry.Drop(partition);

    /// <summary>As <see cref="BeginAnew"/>, since the log is not the one that was read.</summary>
    public void BeginLog(int partition)
    {
        registry.Drop(partition);
        _voidPositions.Add(1);
    }

    /// <summary>All that Kafka has of a partition has been handled.</summary>
    public void ReachedEnd(int partition) => registry.ForgetSilent(partition);

    /// <param name="result">A message that the group has not finished with before.</param>
    /// <param name="arrived">When Kafka took it; null when that is not known.</param>
    /// <param name="polled">How long it was waited for.</param>
    /// <param name="cancellationToken">Ends the attempts to set it aside.</param>
    public void Handle(
        ConsumeResult<byte[], byte[]> result, DateTimeOffset? arrived, TimeSpan polled,
        CancellationToken cancellationToken)
    {
        using var process = telemetry.StartProcess(result, polled);
        var json = DetectionEventJson.WithoutMark(result.Message.Value);
        if (!DetectionEventJson.TrySummarize(json, out var summary, out var reason))
        {
            deadLetters.Add(result, reason, cancellationToken);
            registry.AddDeadLetter(result.Partition);
            Count("dead_letter");
            process.End(NotAnEvent, reason);
            return;
        }

        using (process.StartAggregate())
        {
            var isNew = registry.Add(result.Partition, summary, json, arrived);
            if (isNew)
                feed.Publish(summary, json);
            Count(isNew ? "event" : "duplicate");
        }

        process.End();
    }

    public void Replay(ConsumeResult<byte[], byte[]> result, DateTimeOffset? arrived)
    {
        telemetry.Consumed(result.Partition);
        var json = DetectionEventJson.WithoutMark(result.Message.Value);
        if (DetectionEventJson.TrySummarize(json, out var summary, out _))
            registry.Add(result.Partition, summary, json, arrived);
        else
            registry.AddDeadLetter(result.Partition);
        Count("replay");
    }

    private void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
