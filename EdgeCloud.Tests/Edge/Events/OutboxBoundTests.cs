using EdgeCloud.AppHost.Brokers;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class OutboxBoundTests
{
    private const string NoBroker = "127.0.0.1:1";

    [Fact]
    public async Task A_full_outbox_drops_its_oldest_events_and_each_accepted_one_is_delivered_or_counted_as_dropped()
    {
        using var folder = new TemporaryFolder();
        var accepted = new List<Guid>();
        Guid[] dropped;
        await using (var away = new OutboxScene(
            NoBroker, folder.File("outbox.db"), null, ("Edge:Events:OutboxMaxBytes", "1048576")))
        {
            await away.StartAsync();
            for (var i = 0; i < 120; i++)
                accepted.Add(await away.StoreAsync("device", bytes: 20_000));
            dropped = Dropped(away);

            Assert.InRange(away.Count("edgecloud.outbox.size"), 1_000_000, 1_048_576);
            Assert.Equal(dropped.Length, away.Count("edgecloud.outbox.dropped/size"));
            Assert.Equal(accepted.Count - dropped.Length, away.Count("edgecloud.outbox.events"));
        }

        // The very first may be on its way to Kafka already; the oldest of the others have gone.
        Assert.Equal(accepted.Skip(1).Take(dropped.Length), dropped);
        Assert.Equal(accepted.Except(dropped), await DeliveredAsync(folder, accepted.Count - dropped.Length));
    }

    [Fact]
    public async Task Events_that_wait_too_long_are_dropped_without_waiting_for_another()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider();
        var old = new List<Guid>();
        Guid young;
        await using (var away = new OutboxScene(NoBroker, folder.File("outbox.db"), clock))
        {
            await away.StartAsync();
            for (var i = 0; i < 10; i++)
                old.Add(await away.StoreAsync("device"));
            clock.Advance(TimeSpan.FromHours(23));
            young = await away.StoreAsync("device");
            Assert.Equal(0, away.Count("edgecloud.outbox.dropped/age"));

            clock.Advance(TimeSpan.FromHours(2));

            await Eventually.HoldsAsync(
                () => away.Count("edgecloud.outbox.dropped/age") == 9, "the old events are dropped");
            Assert.Equal(old.Skip(1), Dropped(away));
        }

        Assert.Equal([old[0], young], await DeliveredAsync(folder, 2));
    }

    [Fact]
    public async Task A_clock_that_is_set_makes_no_event_older()
    {
        using var folder = new TemporaryFolder();
        var clock = new JumpingClock();
        await using var away = new OutboxScene(NoBroker, folder.File("outbox.db"), clock);
        await away.StartAsync();
        for (var i = 0; i < 5; i++)
            await away.StoreAsync("device");

        clock.Jump(TimeSpan.FromDays(20_000));
        await away.StoreAsync("device");
        clock.Jump(TimeSpan.FromDays(-40_000));
        await away.StoreAsync("device");

        Assert.Equal(7, away.Count("edgecloud.outbox.events"));
    }

    [Fact]
    public async Task Dropped_events_are_logged_with_their_number_once_a_minute()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider();
        await using var away = new OutboxScene(
            NoBroker, folder.File("outbox.db"), clock, ("Edge:Events:OutboxMaxBytes", "1048576"));
        await away.StartAsync();

        for (var i = 0; i < 80; i++)
            await away.StoreAsync("device", bytes: 20_000);
        Assert.Single(Warnings());

        clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => Warnings().Length == 2, "the second minute is logged");
        Assert.Equal(
            away.Count("edgecloud.outbox.dropped/size"),
            Warnings().Sum(warning => long.Parse(warning.GetStructuredStateValue("Events")!)));

        FakeLogRecord[] Warnings() => [.. away.Log.With("dropped").Where(record => record.Level == LogLevel.Warning)];
    }

    private static Guid[] Dropped(OutboxScene scene) =>
        [
            .. scene.Log.With("is dropped").Where(record => record.Level == LogLevel.Debug)
                .Select(record => Guid.Parse(record.GetStructuredStateValue("EventId")!)),
        ];

    /// <summary>What a next edge, with Kafka there, delivers of what was left.</summary>
    private static async Task<IEnumerable<Guid>> DeliveredAsync(TemporaryFolder folder, int count)
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var next = new OutboxScene(
            broker.BootstrapServers, folder.File("outbox.db"), new FakeTimeProvider());
        await next.StartAsync();
        var delivered = TopicReader.Read(broker.BootstrapServers, count).Select(message => message.EventId);
        await Eventually.HoldsAsync(() => next.Count("edgecloud.outbox.events") == 0, "the outbox is empty");
        Assert.Equal(count, next.Count("edgecloud.outbox.sent"));
        return delivered;
    }
}
