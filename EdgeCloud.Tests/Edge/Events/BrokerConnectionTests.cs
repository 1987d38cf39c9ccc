using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Edge.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Events;

/// <summary>Why Kafka takes no events: in the log once for each change of the reason, and in the health.</summary>
public sealed class BrokerConnectionTests : IDisposable
{
    private const short Produce = 0;
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedBroker _broker = new(partitions: 6, "edge-data");

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_reason_is_logged_once_and_again_only_after_another()
    {
        await using var scene = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        var connection = scene.Services.GetRequiredService<BrokerConnection>();

        connection.Lost("brokers are down");
        connection.Lost("brokers are down");
        connection.Rejects("no such topic");
        connection.Rejects("no such topic");
        connection.Rejects("not authorized");
        connection.Lost("brokers are down");
        connection.Bars("wrong password after 3 ms");
        connection.Lost("brokers are down");
        connection.Bars("wrong password after 4 ms");

        Assert.Equal(
            [
                "brokers are down", "no such topic", "not authorized", "brokers are down", "wrong password after 3 ms",
            ],
            scene.Log.At(LogLevel.Warning).Select(record => record.GetStructuredStateValue("Reason")));
        var health = await connection.CheckHealthAsync(new HealthCheckContext());
        Assert.Equal("Kafka takes no events: wrong password after 3 ms", health.Description);

        connection.Delivered();
        Assert.Equal(
            HealthStatus.Healthy, (await connection.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    [Theory]
    [InlineData(ErrorCode.TopicAuthorizationFailed, "not authorized to write to the topic edge-data")]
    [InlineData(ErrorCode.InvalidRequiredAcks, "acks")]
    public async Task What_a_broker_answers_is_the_reason_until_events_are_delivered(ErrorCode code, string reason)
    {
        await using var scene = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        await scene.StartAsync();
        _broker.FailNext(Produce, (int)code, (int)code, (int)code);

        var stored = await scene.StoreAsync("device");

        Assert.Equal(stored, Assert.Single(TopicReader.Read(_broker.BootstrapServers, 1)).EventId);
        await Eventually.HoldsAsync(() => scene.Log.With("takes events again").Any(), "the end of it is logged");
        var warning = Assert.Single(scene.Log.At(LogLevel.Warning));
        Assert.Contains(reason, warning.Message, StringComparison.Ordinal);
        Assert.Equal(0, scene.Count("edgecloud.outbox.set_aside"));
    }
}
