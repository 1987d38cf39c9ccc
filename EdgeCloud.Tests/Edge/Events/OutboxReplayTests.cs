using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class OutboxReplayTests
{
    private const string NoBroker = "127.0.0.1:1";

    [Fact]
    public async Task What_one_edge_could_not_send_the_next_one_sends_first_and_in_order()
    {
        using var folder = new TemporaryFolder();
        var stored = new List<(string Device, Guid Id)>();
        await using (var away = new OutboxScene(NoBroker, folder.File("outbox.db")))
        {
            await away.StartAsync();
            for (var i = 0; i < 1200; i++)
                stored.Add(($"device-{i % 3}", await away.StoreAsync($"device-{i % 3}")));
        }

        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var next = new OutboxScene(broker.BootstrapServers, folder.File("outbox.db"));
        await next.StartAsync();
        stored.Add(("device-0", await next.StoreAsync("device-0")));

        var messages = TopicReader.Read(broker.BootstrapServers, stored.Count);
        foreach (var device in stored.GroupBy(one => one.Device, one => one.Id))
            Assert.Equal(
                device, messages.Where(message => message.DeviceId == device.Key).Select(message => message.EventId));
        await Eventually.HoldsAsync(() => next.Count("edgecloud.outbox.events") == 0, "the outbox is empty");
        Assert.Equal(stored.Count, next.Count("edgecloud.outbox.sent"));
    }

    [Fact]
    public async Task What_Kafka_confirmed_is_not_sent_again_by_the_next_edge()
    {
        using var folder = new TemporaryFolder();
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        var sent = new List<Guid>();
        await using (var first = new OutboxScene(broker.BootstrapServers, folder.File("outbox.db")))
        {
            await first.StartAsync();
            for (var i = 0; i < 10; i++)
                sent.Add(await first.StoreAsync("device"));
        }

        await using var next = new OutboxScene(broker.BootstrapServers, folder.File("outbox.db"));
        await next.StartAsync();
        sent.Add(await next.StoreAsync("device"));

        Assert.Equal(sent, TopicReader.Read(broker.BootstrapServers, sent.Count).Select(message => message.EventId));
        await Eventually.HoldsAsync(() => next.Count("edgecloud.outbox.events") == 0, "the outbox is empty");
        Assert.Equal(1, next.Count("edgecloud.outbox.sent"));
    }
}
