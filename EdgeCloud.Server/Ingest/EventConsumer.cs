using Confluent.Kafka;
using EdgeCloud.Server.Api;
using EdgeCloud.Server.Devices;
using EdgeCloud.ServiceDefaults.Contract;
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
    IngestMetrics metrics,
    IOptions<IngestOptions> options,
    ILogger<EventConsumer> logger) : BackgroundService
{
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
            consumer.Close();
        }
    }

    private void ConsumeOne(CancellationToken stoppingToken)
    {
        try
        {
            var result = consumer.Consume(stoppingToken);
            if (result.IsPartitionEOF)
            {
                if (progress.ReachedEnd(result.TopicPartition))
                    Log.CaughtUp(logger, options.Value.Topic, registry.Totals().Events);
                return;
            }

            Process(result, stoppingToken);
            consumer.StoreOffset(result);
            progress.Processed(result.TopicPartitionOffset);
        }
        catch (KafkaException exception)
        {
            // A topic that is not there yet, a broker that went away: the client goes on trying, and so do we.
            Log.ConsumeFailed(logger, options.Value.Topic, exception.Error.Reason);
        }
    }

    private void Process(ConsumeResult<byte[], byte[]> result, CancellationToken stoppingToken)
    {
        var json = result.Message.Value ?? [];
        if (!DetectionEventJson.TryRead(json, out var detectionEvent, out var reason))
        {
            metrics.DeadLetter();
            if (!progress.IsReplay(result.TopicPartitionOffset))
                deadLetters.Add(result, reason, stoppingToken);
            return;
        }

        if (registry.Add(detectionEvent, json))
        {
            metrics.Consumed();
            feed.Publish(detectionEvent, json);
        }
        else
        {
            metrics.Duplicate();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Caught up with {Topic}: {Events} events")]
        public static partial void CaughtUp(ILogger logger, string topic, long events);

        [LoggerMessage(2, LogLevel.Warning, "Reading {Topic} failed, still trying: {Reason}")]
        public static partial void ConsumeFailed(ILogger logger, string topic, string reason);
    }
}
