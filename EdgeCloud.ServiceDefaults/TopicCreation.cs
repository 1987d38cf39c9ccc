using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.ServiceDefaults;

/// <summary>
/// Creates the topics of a service that do not exist yet, so that it may be the first at an empty Kafka. Also makes the
/// client know them: the first message would otherwise wait about a second for that. Goes on trying while Kafka is
/// away; without the right to create topics, somebody else has to.
/// </summary>
/// <param name="client">The service's own client.</param>
/// <param name="topics">Their names.</param>
/// <param name="options">How they are created.</param>
/// <param name="time">Tells when to try again.</param>
/// <param name="logger">Gets a warning when a topic cannot be created.</param>
public sealed partial class TopicCreation(
    IClient client, IReadOnlyList<string> topics, TopicOptions options, TimeProvider time,
    ILogger<TopicCreation> logger) : BackgroundService
{
    private const int MaxTimedOut = 5;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Cannot be cancelled, so it bounds how long a stop may wait.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    private int _timedOut;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        using var timer = new PeriodicTimer(RetryInterval, time);
        do
        {
            if (await TryCreateAsync(admin, stoppingToken))
                return;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <returns>Whether trying again would change nothing.</returns>
    private async Task<bool> TryCreateAsync(IAdminClient admin, CancellationToken cancellationToken)
    {
        try
        {
            var there = admin.GetMetadata(AnswerTimeout).Topics.Select(topic => topic.Topic);
            var missing = topics.Except(there).ToArray();
            if (missing.Length > 0 && !await TryCreateAsync(admin, missing, cancellationToken))
                return false;
            foreach (var topic in topics)
                admin.GetMetadata(topic, AnswerTimeout);
            return true;
        }
        catch (KafkaException)
        {
            // Kafka is away, and whoever sends or reads says so.
            return false;
        }
    }

    private async Task<bool> TryCreateAsync(
        IAdminClient admin, string[] missing, CancellationToken cancellationToken)
    {
        try
        {
            var creation = new CreateTopicsOptions { RequestTimeout = AnswerTimeout, OperationTimeout = AnswerTimeout };
            await admin.CreateTopicsAsync(missing.Select(options.Specify), creation).WaitAsync(cancellationToken);
            return true;
        }
        catch (CreateTopicsException exception)
        {
            var failed = exception.Results.Where(result =>
                result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists).ToArray();
            if (failed.Any(result => result.Error.Code is ErrorCode.RequestTimedOut or ErrorCode.NotController))
                return false;
            foreach (var result in failed)
                Log.NotCreated(logger, result.Topic, result.Error.Reason);
            return true;
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.Local_TimedOut)
        {
            // A cluster that has no controller: one that elects another, or the built-in one, which has none and
            // creates a topic for whoever asks for it.
            return ++_timedOut >= MaxTimedOut;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Warning, "The topic {Topic} cannot be created: {Reason}. Unless it exists or "
            + "somebody creates it, what belongs there waits")]
        public static partial void NotCreated(ILogger logger, string topic, string reason);
    }
}
