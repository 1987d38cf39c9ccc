using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Server.Devices;
using EdgeCloud.Server.Live;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Reads the topic, message by message, into the registry and the live feed. An offset is stored after its message is processed, and nothing a
/// message contains ends the loop. Runs on a thread of its own, since the client's Consume blocks.
/// </summary>
internal sealed partial class EventConsumer(
    IConsumer<byte[], byte[]> consumer,
    DeviceRegistry registry,
    LiveFeed feed,
    DeadLetters deadLetters,
    IngestProgress progress,
    ConsumerLag lag,
    IngestMetrics metrics,
    MessagingMetrics messaging,
    IOptions<IngestOptions> options,
    TimeProvider time,
    ILogger<EventConsumer> logger) : BackgroundService
{
    /// <summary>The only kind of error that processing a message can end with.</summary>
    private const string NotAnEvent = "not_an_event";

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(3);

    /// <summary>Zero when there is nothing to report.</summary>
    private long _reportedAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        consumer.Subscribe(options.Value.Topic);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                ConsumeOne(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The service is stopping.
        }
        finally
        {
            // Leaves the group and commits what is stored, so that a successor need not wait for the session to time out.
            lag.Close();
            consumer.Close();
        }
    }

    private void ConsumeOne(CancellationToken stoppingToken)
    {
        try
        {
            var polling = time.GetTimestamp();
            var result = consumer.Consume(stoppingToken);
            if (result.IsPartitionEOF)
            {
                if (progress.ReachedEnd(result.Partition, result.Offset))
                    Log.CaughtUp(logger, options.Value.Topic, registry.Totals().Events);
                return;
            }

            var polled = time.GetElapsedTime(polling);
            messaging.Consumed(result.Partition);
            var partition = progress[result.Partition];
            if (result.Offset < partition.Next)
                BeginAnew(result.TopicPartitionOffset);
            var isReplay = partition.IsReplay(result.Offset);
            if (isReplay)
            {
                Process(result, isReplay, waitedFor: !partition.Behind, span: null, stoppingToken);
            }
            else
            {
                messaging.Polled(polled);
                ProcessObserved(result, waitedFor: !partition.Behind, stoppingToken);
            }

            partition.Processed(result.Offset, result.Message.Timestamp, time.GetUtcNow());

            // The group's offset never goes back: its replays would look like new messages to whoever starts next.
            if (!isReplay)
                consumer.StoreOffset(result);
            Report();
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            // A topic that is not there yet, a broker that went away: the client goes on trying, and so do we.
            Log.ConsumeFailed(logger, options.Value.Topic, exception.Error.Reason);
        }
    }

    /// <summary>The client lost its place in the log, was reset to the beginning, and reads again what is counted already.</summary>
    private void BeginAnew(TopicPartitionOffset beginning)
    {
        Log.ThrownBack(logger, beginning.Topic, beginning.Partition.Value, beginning.Offset.Value);
        registry.Drop(beginning.Partition);
        progress.Restart(beginning.Partition, beginning.Offset);
    }

    private void ProcessObserved(ConsumeResult<byte[], byte[]> result, bool waitedFor, CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        using var span = MessageSpans.StartProcess(result, options.Value.ConsumerGroup);
        var refused = Process(result, isReplay: false, waitedFor, span, stoppingToken);
        if (refused is not null)
            span.Fail(NotAnEvent, refused);
        messaging.Processed(time.GetElapsedTime(started), refused is null ? null : NotAnEvent);
    }

    /// <returns>Why the message is no event; null for one that is.</returns>
    private string? Process(ConsumeResult<byte[], byte[]> result, bool isReplay, bool waitedFor, Activity? span, CancellationToken stoppingToken)
    {
        if (!TryRead(result.Message, out var summary, out var reason))
        {
            if (!isReplay)
                deadLetters.Add(result, reason, stoppingToken);
            registry.AddDeadLetter(result.Partition);
            if (isReplay)
                metrics.Replay();
            else
                metrics.DeadLetter();
            return reason;
        }

        using var aggregate = MessageSpans.StartAggregate(span);
        var isNew = registry.Add(result.Partition, summary, result.Message.Value, Arrived(result.Message.Timestamp, waitedFor));
        if (isReplay)
        {
            metrics.Replay();
        }
        else if (isNew)
        {
            feed.Publish(summary, result.Message.Value);
            metrics.Event(summary);
        }
        else
        {
            metrics.Duplicate();
        }

        return null;
    }

    private static bool TryRead(Message<byte[], byte[]> message, out EventSummary summary, [NotNullWhen(false)] out string? reason)
    {
        if (!DetectionEventJson.TrySummarize(message.Value, out summary, out reason))
            return false;

        // The key decides the partition, and the partition the order and who counts; a device in two of them would be half known to each.
        reason = message.Key is null ? "The message has no key; it must be the device_id."
            : Ascii.Equals(message.Key, summary.DeviceId) ? null
            : "The message's key is not its device_id.";
        return reason is null;
    }

    /// <summary>
    /// When Kafka took the message. The broker's word, where the topic keeps it; now, for one that we were waiting for; otherwise what its producer noted, and
    /// nothing when that is still ahead of us.
    /// </summary>
    private DateTimeOffset? Arrived(Timestamp timestamp, bool waitedFor)
    {
        var now = time.GetUtcNow();
        if (waitedFor && timestamp.Type != TimestampType.LogAppendTime)
            return now;
        if (timestamp.UnixTimestampMs > 0 && timestamp.UnixTimestampMs <= now.ToUnixTimeMilliseconds())
            return DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);
        return waitedFor ? now : null;
    }

    private void Report()
    {
        if (progress.CaughtUp)
        {
            _reportedAt = 0;
        }
        else if (_reportedAt == 0)
        {
            _reportedAt = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_reportedAt) >= ReportInterval && progress.TryGetReplay(out var replay))
        {
            _reportedAt = time.GetTimestamp();
            Log.CatchingUp(logger, options.Value.Topic, replay.Position, replay.Total, replay.MessagesPerSecond, replay.SecondsLeft ?? 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Caught up with {Topic}: {Events} events")]
        public static partial void CaughtUp(ILogger logger, string topic, long events);

        [LoggerMessage(2, LogLevel.Warning, "Reading {Topic} failed, still trying: {Reason}")]
        public static partial void ConsumeFailed(ILogger logger, string topic, string reason);

        [LoggerMessage(3, LogLevel.Information, "Catching up with {Topic}: {Position} of {Total} messages, {MessagesPerSecond:F0} a second, {SecondsLeft:F0} s to go")]
        public static partial void CatchingUp(ILogger logger, string topic, long position, long total, double messagesPerSecond, double secondsLeft);

        [LoggerMessage(4, LogLevel.Warning, "{Topic} [{Partition}] is read again from {Offset}: the broker no longer knew where we were")]
        public static partial void ThrownBack(ILogger logger, string topic, int partition, long offset);
    }
}
