using System.Data.Common;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using EdgeCloud.Contract;
using EdgeCloud.Server.Store;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Reads who came and went, all of it in each server, beside the events and in no group: what is written can be written
/// again by anybody. Nothing waits for it. Runs on a thread of its own, since the client's Consume blocks.
/// </summary>
internal sealed partial class PresenceReader(
    IConsumer<Ignore, byte[]> consumer,
    PresencePartitions partitions,
    EventStore store,
    IMeterFactory meters,
    TimeProvider time,
    ILogger<PresenceReader> logger) : BackgroundService
{
    /// <summary>So few that events, which are written over the same connection, hardly wait for them.</summary>
    private const int MaxMessages = 200;

    /// <summary>How long a stop waits to be noticed while no message comes.</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly Counter<long> _presences = meters.Create(ServerTelemetry.Name).CreateCounter<long>(
        "edgecloud.presences", "{message}",
        "Messages read from the presence topic, which each server reads, by outcome: event or invalid");

    private readonly VisitBatch _batch = new();
    private long _lookedAt;
    private bool _hasWaited;

    /// <summary>That was logged last, until a message is read.</summary>
    private string? _problem;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Run(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (Step(stoppingToken))
                    continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (DbException)
            {
                // Away; the store has said so.
            }
            catch (PositionException)
            {
                Log.Lost(logger, partitions.Topic);
                _batch.Clear();
                partitions.Forget();
            }
            catch (Exception exception) when (exception is KafkaException or TimeoutException)
            {
                if (_problem != exception.Message)
                    Log.Failed(logger, partitions.Topic, exception.Message);
                _problem = exception.Message;
            }

            stoppingToken.WaitHandle.WaitOne(RetryDelay);
        }
    }

    /// <returns>False when there is no topic to read.</returns>
    private bool Step(CancellationToken stoppingToken)
    {
        if (_batch.Messages >= MaxMessages)
            Write();
        if (!partitions.Any || time.GetElapsedTime(_lookedAt) >= LookInterval)
            Look(stoppingToken);
        if (!partitions.Any)
            return false;
        if (consumer.Consume(_batch.Messages > 0 ? TimeSpan.Zero : PollTimeout) is { } result)
            Read(result);
        else if (_batch.Messages > 0)
            Write();
        return true;
    }

    private void Look(CancellationToken stoppingToken)
    {
        // What is read anew is not to be behind what is written later.
        if (_batch.Messages > 0)
            Write();
        if (partitions.Look(stoppingToken))
            Log.MadeAnew(logger, partitions.Topic);
        if (!partitions.Any && !_hasWaited)
            Log.Waiting(logger, partitions.Topic);
        _hasWaited = !partitions.Any;
        _lookedAt = time.GetTimestamp();
    }

    private void Read(ConsumeResult<Ignore, byte[]> result)
    {
        var json = DetectionEventJson.WithoutMark(result.Message.Value);
        var isEvent = PresenceEventJson.TryRead(json, out var presence, out var reason);
        if (!isEvent)
            Log.Invalid(logger, result.Topic, result.Partition.Value, result.Offset.Value, reason!);
        _presences.Add(1, new KeyValuePair<string, object?>("outcome", isEvent ? "event" : "invalid"));
        _batch.Add(
            result.Partition,
            new Position(partitions.Log, result.Offset + 1, result.Message.Timestamp.UnixTimestampMs), presence);
        _problem = null;
    }

    private void Write()
    {
        store.Write(_batch, partitions.Topic, partitions.Stored);
        partitions.NoteStored(_batch.Positions);
        _batch.Clear();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Reading {Topic} failed, still trying: {Reason}")]
        public static partial void Failed(ILogger logger, string topic, string reason);

        [LoggerMessage(2, LogLevel.Information, "There is no topic {Topic} yet; it is looked for each second")]
        public static partial void Waiting(ILogger logger, string topic);

        [LoggerMessage(3, LogLevel.Warning, "{Topic} was made anew, and is read from its beginning")]
        public static partial void MadeAnew(ILogger logger, string topic);

        [LoggerMessage(5, LogLevel.Warning, "The history has lost visits: {Topic} is read from where it is now")]
        public static partial void Lost(ILogger logger, string topic);

        [LoggerMessage(
            4, LogLevel.Warning, "Not a presence event, passed over: {Topic} [{Partition}] @ {Offset}: {Reason}")]
        public static partial void Invalid(ILogger logger, string topic, int partition, long offset, string reason);
    }
}
