using Confluent.Kafka;
using EdgeCloud.Server.Store;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Reads the partitions that Kafka assigns, message by message, and knows which of them are read again. What has been
/// handled is written when no more messages are there, or enough; then the group is told. Nothing a message contains
/// ends the loop. A log that is not the one it
/// was is read from its beginning. Runs on a thread of its own, since the client's Consume blocks.
/// </summary>
internal sealed partial class PartitionReader(
    IConsumer<byte[], byte[]> consumer,
    IngestProgress progress,
    MessageHandler handler,
    PartitionAssignment assignment,
    TimeProvider time,
    ILogger<PartitionReader> logger) : BackgroundService
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(3);

    /// <summary>How long a stop, or a log made anew, waits to be noticed while no message comes.</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(50);

    /// <summary>Zero when there is nothing to report.</summary>
    private long _reportedAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Run(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        consumer.Subscribe(assignment.Topic);
        try
        {
            var polling = time.GetTimestamp();
            while (!stoppingToken.IsCancellationRequested)
            {
                if (ReadOne(polling, stoppingToken))
                    polling = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The service is stopping.
        }
        finally
        {
            progress.Release();

            // Leaves the group and commits what is stored, so that a successor need not wait for a session's time-out.
            consumer.Close();
        }
    }

    /// <returns>False when there was nothing to read.</returns>
    private bool ReadOne(long polling, CancellationToken stoppingToken)
    {
        try
        {
            var result = consumer.Consume(handler.HasPending ? TimeSpan.Zero : PollTimeout);

            // Before another log is begun, too: what is pending belongs to the one before.
            var mustReassign = progress.MustReassign;
            if (result is null or { IsPartitionEOF: true } || mustReassign || handler.MustFlush)
                handler.Flush(stoppingToken);
            StoreOffsets();
            if (mustReassign && progress.TryReassign() is { } reassignment)
                Reassign(reassignment);
            else if (result is null)
                return false;
            else if (result.IsPartitionEOF)
                ReachedEnd(result.Partition, result.Offset);
            else
                Read(result, polling, stoppingToken);
        }
        catch (PositionException exception)
        {
            Log.ReadByAnother(logger, assignment.Topic, exception.Partition);
            handler.Discard();
            consumer.Assign(assignment.Begin(consumer, consumer.Assignment, anew: true));
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            // A topic that is not there yet, a broker that went away: the client goes on trying, and so do we.
            if (exception.Error.Code == ErrorCode.UnknownTopicOrPart)
                progress.WaitForTopic();
            Log.ConsumeFailed(logger, assignment.Topic, exception.Error.Reason);
        }

        return true;
    }

    private void Read(ConsumeResult<byte[], byte[]> result, long polling, CancellationToken stoppingToken)
    {
        var place = progress.Locate(result);
        if (place.IsThrownBack)
        {
            handler.Flush(stoppingToken);
            if (!TryGoBack(result.TopicPartitionOffset))
                return;
            place = progress.Locate(result);
        }

        var arrived = Arrived(result.Message.Timestamp, waitedFor: !place.IsBehind);
        if (place.IsBeforePosition)
            handler.Recall(result);
        else if (place.IsCounted)
            handler.Skip(result);
        else
            handler.Handle(result, arrived, time.GetElapsedTime(polling), place.IsReplay, stoppingToken);
        progress.Processed(result, place.IsCounted);
        Report();
    }

    /// <summary>Has the group told what is finished with. Its offset never goes back: what it finished with before is
    /// no dead letter again for whoever starts next.</summary>
    private void StoreOffsets()
    {
        foreach (var (partition, offset) in progress.TakeOffsets())
            consumer.StoreOffset(new TopicPartitionOffset(assignment.Topic, partition, offset));
    }

    /// <summary>The client lost its place in the log and reads again what is counted already.</summary>
    /// <returns>False when it was a place in a log that is gone.</returns>
    private bool TryGoBack(TopicPartitionOffset beginning)
    {
        var end = consumer.GetWatermarkOffsets(beginning.TopicPartition)?.High;
        if (!progress.ThrowBack(beginning.Partition, beginning.Offset, end is { IsSpecial: false } ? end : null))
            return false;
        Log.ThrownBack(logger, beginning.Topic, beginning.Partition.Value, beginning.Offset.Value);
        return true;
    }

    /// <summary>
    /// Reads logs that are not what they were from their beginnings, and the others on. The client, which only ever
    /// commits an offset that is higher than the last, is told what is committed; assigned anew, it forgets what was.
    /// </summary>
    private void Reassign(Reassignment reassignment)
    {
        var topic = assignment.Topic;
        var restarted = Of(reassignment.Restarted);
        if (restarted.Count > 0)
            Log.MadeAnew(logger, topic, string.Join(", ", reassignment.Restarted.Keys));
        foreach (var position in restarted)
        {
            handler.BeginLog(position.Partition);
            if (reassignment.MayStore)
                consumer.StoreOffset(position);
        }

        consumer.Assign(Of(reassignment.Offsets));
        if (restarted.Count > 0 && reassignment.MayStore)
            consumer.Commit(restarted);

        List<TopicPartitionOffset> Of(IReadOnlyDictionary<int, Offset> offsets) =>
            [.. offsets.Select(each => new TopicPartitionOffset(topic, each.Key, each.Value))];
    }

    private void ReachedEnd(int partition, long end)
    {
        handler.ReachedEnd(partition);
        if (!progress.ReachedEnd(partition, end))
            return;
        Log.CaughtUp(logger, assignment.Topic);

        // What was read in haste leaves 200 MB free in the C library's heap, of which it gives nothing back by itself.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }

    /// <summary>
    /// When Kafka took the message. The broker's word, where the topic keeps it; now, for one that we were waiting for;
    /// otherwise what its producer noted, and nothing when that is still ahead of us.
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
            var (position, total, messagesPerSecond, secondsLeft) = replay;
            Log.CatchingUp(logger, assignment.Topic, position, total, messagesPerSecond, secondsLeft ?? 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Caught up with {Topic}")]
        public static partial void CaughtUp(ILogger logger, string topic);

        [LoggerMessage(2, LogLevel.Warning, "Reading {Topic} failed, still trying: {Reason}")]
        public static partial void ConsumeFailed(ILogger logger, string topic, string reason);

        [LoggerMessage(3, LogLevel.Information, "Catching up with {Topic}: {Position} of {Total} messages, "
            + "{MessagesPerSecond:F0} a second, {SecondsLeft:F0} s to go")]
        public static partial void CatchingUp(
            ILogger logger, string topic, long position, long total, double messagesPerSecond, double secondsLeft);

        [LoggerMessage(4, LogLevel.Warning,
            "{Topic} [{Partition}] is read again from {Offset}: the broker no longer knew where we were")]
        public static partial void ThrownBack(ILogger logger, string topic, int partition, long offset);

        [LoggerMessage(6, LogLevel.Warning,
            "{Topic} [{Partition}] was read on by another server meanwhile: what is not written is read again")]
        public static partial void ReadByAnother(ILogger logger, string topic, int partition);

        [LoggerMessage(5, LogLevel.Warning, "{Topic} [{Partitions}] was made anew or has lost messages: the "
            + "offsets from before are void, and it is read from its beginning")]
        public static partial void MadeAnew(ILogger logger, string topic, string partitions);
    }
}
