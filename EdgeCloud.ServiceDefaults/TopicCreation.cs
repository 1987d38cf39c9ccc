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
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Cannot be cancelled, so it bounds how long a stop may wait.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        using var timer = new PeriodicTimer(RetryInterval, time);
        do
        {
            if (await TryCreateAsync(admin))
                return;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> TryCreateAsync(IAdminClient admin)
    {
        var isDone = true;
        try
        {
            await admin.CreateTopicsAsync(
                topics.Select(options.Specify),
                new CreateTopicsOptions { RequestTimeout = AnswerTimeout, OperationTimeout = AnswerTimeout });
        }
        catch (CreateTopicsException exception)
        {
            foreach (var result in exception.Results.Where(result => result.Error.IsError))
                isDone &= IsFinal(result);
        }
        catch (KafkaException exception) when (exception.Error.Code != ErrorCode.Local_UnsupportedFeature)
        {
            return false;
        }
        catch (KafkaException)
        {
            // A broker that creates topics only for those who ask for them, as is done next.
        }

        return isDone && Learn(admin);
    }

    /// <returns>Whether trying again would change nothing.</returns>
    private bool IsFinal(CreateTopicReport report)
    {
        if (report.Error.Code == ErrorCode.TopicAlreadyExists)
            return true;
        if (report.Error.Code is ErrorCode.RequestTimedOut or ErrorCode.NotController || report.Error.IsLocalError)
            return false;
        Log.NotCreated(logger, report.Topic, report.Error.Reason);
        return true;
    }

    private bool Learn(IAdminClient admin)
    {
        try
        {
            foreach (var topic in topics)
                admin.GetMetadata(topic, AnswerTimeout);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The topic {Topic} cannot be created: {Reason}. Unless it exists or "
            + "somebody creates it, what belongs there waits")]
        public static partial void NotCreated(ILogger logger, string topic, string reason);
    }
}
