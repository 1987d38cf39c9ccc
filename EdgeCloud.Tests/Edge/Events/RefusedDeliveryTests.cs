using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Edge.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class RefusedDeliveryTests : IDisposable
{
    private const short Produce = 0;
    private const short InitProducerId = 22;

    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedBroker _broker = new(partitions: 6, "edge-data");

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Events_that_Kafka_did_not_take_are_sent_again_in_their_order()
    {
        await using var scene = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        await scene.StartAsync();
        var stored = new List<Guid> { await scene.StoreAsync("device") };
        await Eventually.HoldsAsync(() => scene.Count("edgecloud.outbox.sent") == 1, "the first event is delivered");

        _broker.FailNext(Produce, (int)ErrorCode.TopicAuthorizationFailed, (int)ErrorCode.TopicAuthorizationFailed);
        for (var i = 0; i < 20; i++)
            stored.Add(await scene.StoreAsync("device"));

        Assert.Equal(
            stored, TopicReader.Read(_broker.BootstrapServers, stored.Count).Select(message => message.EventId));
        Assert.InRange(scene.Count("edgecloud.outbox.retried"), 2, long.MaxValue);
        await Eventually.HoldsAsync(() => scene.Count("edgecloud.outbox.events") == 0, "the outbox is empty");
        Assert.Equal(stored.Count, scene.Count("edgecloud.outbox.sent"));
    }

    [Fact]
    public async Task An_event_that_Kafka_will_never_take_is_set_aside_and_does_not_hold_up_the_others()
    {
        await using var scene = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        await scene.StartAsync();
        var before = await scene.StoreAsync("device");
        var tooLarge = await scene.StoreAsync("device", bytes: 1_100_000);
        var after = await scene.StoreAsync("device");

        Assert.Equal([before, after], TopicReader.Read(_broker.BootstrapServers, 2).Select(message => message.EventId));
        await Eventually.HoldsAsync(() => scene.Count("edgecloud.outbox.events") == 0, "no event waits");
        Assert.Equal(1, scene.Count("edgecloud.outbox.rejected/too_large"));
        Assert.Equal(1, scene.Count("edgecloud.outbox.set_aside"));
        Assert.Equal(0, scene.Count("edgecloud.outbox.dropped/refused"));
        Assert.Equal($"{tooLarge}", Assert.Single(scene.Log.At(LogLevel.Error)).GetStructuredStateValue("EventId"));
    }

    [Fact]
    public async Task A_Kafka_client_that_has_failed_for_good_stops_the_edge_which_keeps_its_events()
    {
        _broker.FailNext(InitProducerId, (int)ErrorCode.ClusterAuthorizationFailed);
        await using (var scene = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db")))
        {
            await scene.StartAsync();
            await scene.StoreAsync("device");

            var stopping = scene.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await Eventually.HoldsAsync(() => stopping.IsCancellationRequested, "the edge stops");
            // The edge's exit code is that of this process.
            Environment.ExitCode = 0;
            var health = await scene.Services.GetRequiredService<BrokerConnection>()
                .CheckHealthAsync(new HealthCheckContext());
            Assert.Equal(HealthStatus.Unhealthy, health.Status);
            Assert.Single(scene.Log.With("the edge stops"), record => record.Level == LogLevel.Critical);
        }

        await using var next = new OutboxScene(_broker.BootstrapServers, _folder.File("outbox.db"));
        await next.StartAsync();
        await Eventually.HoldsAsync(
            () => next.Count("edgecloud.outbox.sent") == 1, "the next edge has delivered the event");
    }
}
