using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

/// <summary>
/// Whether Kafka answers. Its absence degrades the server, which goes on answering for what it has read. The client
/// says when it has lost all brokers, and not when one is back while nothing comes: then they are asked, each second.
/// </summary>
internal sealed class BrokerConnection(IOptions<IngestOptions> options, IServiceProvider services, TimeProvider time)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private volatile string? _problem;

    public void Lost(string problem) => _problem = problem;

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
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (_problem is not null && Answers(admin))
                _problem = null;
        }
    }

    private bool Answers(IAdminClient admin)
    {
        try
        {
            admin.GetMetadata(options.Value.Topic, Interval);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}
