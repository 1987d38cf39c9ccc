using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Reads the partitions that Kafka assigns, message by message, and knows which of them are read again. An offset is
/// stored after its message is processed, and nothing a message contains ends the loop. Runs on a thread of its own,
/// since the client's Consume blocks.
/// </summary>
internal sealed partial class PartitionReader(
    IConsumer<byte[], byte[]> consumer,
    IngestProgress progress,
    MessageHandler handler,
    IOptions<IngestOptions> options,
    TimeProvider time,
    ILogger<PartitionReader> logger) : BackgroundService
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(3);

    /// <summary>Zero when there is nothing to report.</summary>
    private long _reportedAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Run(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        consumer.Subscribe(options.Value.Topic);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                ReadOne(stoppingToken);
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

    private void ReadOne(CancellationToken stoppingToken)
    {
        try
        {
            var polling = time.GetTimestamp();
            var result = consumer.Consume(stoppingToken);
            if (result.IsPartitionEOF)
                ReachedEnd(result.Partition, result.Offset);
            else
                Read(result, time.GetElapsedTime(polling), stoppingToken);
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            // A topic that is not there yet, a broker that went away: the client goes on trying, and so do we.
            if (exception.Error.Code == ErrorCode.UnknownTopicOrPart)
                progress.WaitForTopic();
            Log.ConsumeFailed(logger, options.Value.Topic, exception.Error.Reason);
        }
    }

    private void Read(ConsumeResult<byte[], byte[]> result, TimeSpan polled, CancellationToken stoppingToken)
    {
        var (isReplay, isBehind, isThrownBack) = progress.Locate(result.Partition, result.Offset);
        if (isThrownBack)
            BeginAnew(result.TopicPartitionOffset);
        var arrived = Arrived(result.Message.Timestamp, waitedFor: !isBehind);
        if (isReplay)
        {
            handler.Replay(result, arrived);
            progress.Processed(result.Partition, result.Offset, result.Message.Timestamp);
        }
        else
        {
            handler.Handle(result, arrived, polled, stoppingToken);
            progress.Processed(result.Partition, result.Offset, result.Message.Timestamp);

            // The group's offset never goes back: its replays would look like new messages to whoever starts next.
            consumer.StoreOffset(result);
        }

        Report();
    }

    /// <summary>The client lost its place in the log and reads again what is counted already.</summary>
    private void BeginAnew(TopicPartitionOffset beginning)
    {
        Log.ThrownBack(logger, beginning.Topic, beginning.Partition.Value, beginning.Offset.Value);
        handler.BeginAnew(beginning.Partition);
        progress.Restart(beginning.Partition, beginning.Offset);
    }

    private void ReachedEnd(int partition, long end)
    {
        handler.ReachedEnd(partition);
        if (progress.ReachedEnd(partition, end))
            Log.CaughtUp(logger, options.Value.Topic, handler.Events);
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
            Log.CatchingUp(logger, options.Value.Topic, position, total, messagesPerSecond, secondsLeft ?? 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Caught up with {Topic}: {Events} events")]
        public static partial void CaughtUp(ILogger logger, string topic, long events);

        [LoggerMessage(2, LogLevel.Warning, "Reading {Topic} failed, still trying: {Reason}")]
        public static partial void ConsumeFailed(ILogger logger, string topic, string reason);

        [LoggerMessage(3, LogLevel.Information, "Catching up with {Topic}: {Position} of {Total} messages, "
            + "{MessagesPerSecond:F0} a second, {SecondsLeft:F0} s to go")]
        public static partial void CatchingUp(
            ILogger logger, string topic, long position, long total, double messagesPerSecond, double secondsLeft);

        [LoggerMessage(4, LogLevel.Warning,
            "{Topic} [{Partition}] is read again from {Offset}: the broker no longer knew where we were")]
        public static partial void ThrownBack(ILogger logger, string topic, int partition, long offset);
    }
}
