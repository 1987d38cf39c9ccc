using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EdgeCloud.Contract;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Whether Kafka answers, and which log it has under the topic's name: asked each second, since a broker can keep its
/// connections and not answer. Its absence degrades the server, which goes on answering for what it has read.
/// </summary>
internal sealed class BrokerConnection(
    IOptions<IngestOptions> options, IngestProgress progress, IServiceProvider services, TimeProvider time)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _isLogKnown = new();
    private volatile string? _problem;
    private long _foundAt;

    /// <summary>Null until known. The built-in cluster, and brokers before 2.8, do not know what is asked.</summary>
    private bool? _hasTopicIds;

    /// <summary>Waits until Kafka has said which log the topic has, or that it does not know such a thing.</summary>
    public void WaitForLog(TimeSpan atMost) => _isLogKnown.Wait(atMost);

    public override void Dispose()
    {
        _isLogKnown.Dispose();
        base.Dispose();
    }

    public void Lost(string problem) => _problem = problem;

    /// <returns>Whether all brokers were away at some time of late.</returns>
    public bool WasLost(TimeSpan within) =>
        _problem is not null
        || (Volatile.Read(ref _foundAt) is var found and not 0 && time.GetElapsedTime(found) < within);

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _problem is { } problem
            ? HealthCheckResult.Degraded($"Kafka is away: {problem}")
            : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The producer's, since the consumer's is closed before this ends.
        var client = services.GetRequiredService<IProducer<byte[], byte[]>>();
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        using var describer = new TopicDescriber(client.Handle);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            if (!Answers(admin))
                continue;
            if (_problem is not null)
                Volatile.Write(ref _foundAt, time.GetTimestamp());
            _problem = null;
            await AskLogAsync(admin, describer, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Asks for all topics: a question for one that is not there would create it.</summary>
    private bool Answers(IAdminClient admin)
    {
        try
        {
            admin.GetMetadata(Interval);
            return true;
        }
        catch (KafkaException exception)
        {
            Lost(exception.Error.Reason);
            return false;
        }
    }

    private async Task AskLogAsync(IAdminClient admin, TopicDescriber describer, CancellationToken stoppingToken)
    {
        try
        {
            if (_hasTopicIds is false)
                return;
            var id = (await describer.DescribeAsync(options.Value.Topic, Interval, stoppingToken)).TopicId;
            _hasTopicIds = (id.MostSignificantBits, id.LeastSignificantBits) != (0, 0);
            if (_hasTopicIds.Value)
                progress.NoteLog(id.ToString());
            _isLogKnown.Set();
        }
        catch (DescribeTopicsException)
        {
            // There is no such topic at the moment.
        }
        catch (TimeoutException)
        {
            Lost("It does not say which log the topic has.");
        }
        catch (KafkaException)
        {
            if (!Answers(admin))
                return;
            _hasTopicIds ??= false;
            _isLogKnown.Set();
        }
    }
}
