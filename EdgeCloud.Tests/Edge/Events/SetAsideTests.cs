using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Events;

/// <summary>What Kafka rejects lies in the outbox until it is retried.</summary>
public sealed class SetAsideTests : IDisposable
{
    private const string NoBroker = "127.0.0.1:1";
    private const short Produce = 0;

    /// <summary>The Kafka client's own bound, which is easier to reach than the embedded broker's.</summary>
    private static readonly (string Key, string Value) AtMost3000Bytes =
        ("Aspire:Confluent:Kafka:Producer:Config:MessageMaxBytes", "3000");

    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedBroker _broker = new(partitions: 6, "edge-data");

    private string File => _folder.File("outbox.db");

    public void Dispose()
    {
        _broker.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_listed_with_its_reason_and_a_retry_delivers_it_once()
    {
        await using var scene = new OutboxScene(_broker.BootstrapServers, File);
        await scene.StartAsync();
        var first = await scene.StoreAsync("device");
        await Eventually.HoldsAsync(() => scene.Count("edgecloud.outbox.sent") == 1, "the first event is delivered");

        _broker.FailNext(Produce, (int)ErrorCode.MsgSizeTooLarge);
        var rejected = Event("device", sequence: 41);
        Assert.Null((await scene.Outbox.StoreAsync(rejected, DetectionEventJson.Write(rejected))).Problem);
        await AreSetAsideAsync(scene, 1);

        var listed = Assert.Single((await scene.Outbox.ListSetAsideAsync(10)).Events);
        Assert.Equal(
            (rejected.EventId, "device", 41L, (long)DetectionEventJson.Write(rejected).Length),
            (listed.EventId, listed.DeviceId, listed.Sequence!.Value, listed.Bytes));
        Assert.InRange((rejected.Timestamp - listed.Timestamp).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.Equal("larger than the topic edge-data takes (Broker: Message size too large)", listed.Reason);
        var health = await HealthAsync(scene);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains($"1, {listed.Reason}", health.Description, StringComparison.Ordinal);

        var retried = await scene.Outbox.RetryAsync(null, CancellationToken.None);

        Assert.Equal(rejected.EventId, Assert.Single(retried.Events).EventId);
        Assert.Equal(
            [first, rejected.EventId!.Value],
            TopicReader.Read(_broker.BootstrapServers, 2).Select(message => message.EventId));
        await Eventually.HoldsAsync(
            () => scene.Count("edgecloud.outbox.sent") == 2 && scene.Count("edgecloud.outbox.size") == 0,
            "the outbox is empty");
        Assert.Equal(2, TopicReader.ReadToEnd(_broker.BootstrapServers).Count);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(scene)).Status);
    }

    [Fact]
    public async Task What_is_rejected_in_a_batch_is_sent_alone_before_it_is_judged()
    {
        var stored = await StoreAwayAsync(21);
        _broker.FailNext(Produce, 0, (int)ErrorCode.MsgSizeTooLarge);

        await using var next = new OutboxScene(_broker.BootstrapServers, File);
        await next.StartAsync();

        Assert.Equal(
            stored, TopicReader.Read(_broker.BootstrapServers, stored.Count).Select(message => message.EventId));
        await Eventually.HoldsAsync(() => next.Count("edgecloud.outbox.events") == 0, "no event waits");
        Assert.Equal(0, next.Count("edgecloud.outbox.set_aside"));
        Assert.Equal(stored.Count, TopicReader.ReadToEnd(_broker.BootstrapServers).Count);
    }

    [Fact]
    public async Task Of_many_only_those_that_are_too_large_are_set_aside()
    {
        var small = await StoreAwayAsync(10);
        var large = await StoreAwayAsync(5, bytes: 4000);
        small.AddRange(await StoreAwayAsync(10));

        await using var next = new OutboxScene(_broker.BootstrapServers, File, null, AtMost3000Bytes);
        await next.StartAsync();

        Assert.Equal(
            small, TopicReader.Read(_broker.BootstrapServers, small.Count).Select(message => message.EventId));
        await AreSetAsideAsync(next, large.Count);
        Assert.Equal(large, (await next.Outbox.ListSetAsideAsync(10)).Events.Select(one => one.EventId));
        Assert.Equal(large[..2], (await next.Outbox.ListSetAsideAsync(2)).Events.Select(one => one.EventId));
        Assert.Equal(large.Count, next.Count("edgecloud.outbox.rejected/too_large"));
        Assert.Single(next.Log.At(LogLevel.Error));
    }

    [Fact]
    public async Task It_lies_there_over_a_restart_and_a_day_and_is_not_sent_by_itself()
    {
        var clock = new FakeTimeProvider();
        var large = await SetAsideAsync(3, clock);

        clock.Advance(TimeSpan.FromDays(30));
        await using var next = new OutboxScene(_broker.BootstrapServers, File, clock);
        await next.StartAsync();
        var small = await next.StoreAsync("device");
        await Eventually.HoldsAsync(() => next.Count("edgecloud.outbox.sent") == 1, "another event is delivered");

        Assert.Equal(small, Assert.Single(TopicReader.ReadToEnd(_broker.BootstrapServers)).EventId);
        Assert.Equal(3, next.Count("edgecloud.outbox.set_aside"));
        Assert.Equal(HealthStatus.Degraded, (await HealthAsync(next)).Status);
        Assert.Equal(0, next.Count("edgecloud.outbox.dropped/age"));
        Assert.Equal(0, (int)next.Count("edgecloud.outbox.oldest.age"));

        await next.Outbox.RetryAsync([large[1]], CancellationToken.None);
        await Eventually.HoldsAsync(() => next.Count("edgecloud.outbox.sent") == 2, "the one is delivered");
        Assert.Equal(
            [large[0], large[2]], (await next.Outbox.ListSetAsideAsync(10)).Events.Select(one => one.EventId));
    }

    [Fact]
    public async Task What_Kafka_rejects_again_is_set_aside_again_and_the_log_says_so_once_more()
    {
        await SetAsideAsync(100);
        await using var next = new OutboxScene(_broker.BootstrapServers, File, null, AtMost3000Bytes);
        await next.StartAsync();
        Assert.Empty(next.Log.At(LogLevel.Error));

        // More than go back in one transaction.
        var retried = await next.Outbox.RetryAsync(null, CancellationToken.None);

        Assert.Equal(100, retried.Events.Count);
        await AreSetAsideAsync(next, 100);
        Assert.Equal(100, next.Count("edgecloud.outbox.rejected/too_large"));
        Assert.InRange(next.Log.At(LogLevel.Error).Count(), 1, 2);
    }

    [Fact]
    public async Task A_full_outbox_drops_none_of_them_and_takes_no_event_until_they_are_gone()
    {
        var accepted = new List<Guid>();
        (string, string)[] settings = [AtMost3000Bytes, ("Edge:Events:OutboxMaxBytes", "1048576")];
        await using (var scene = new OutboxScene(_broker.BootstrapServers, File, null, settings))
        {
            await scene.StartAsync();
            for (var isFull = false; !isFull;)
            {
                Assert.InRange(accepted.Count, 0, 100);
                var (detectionEvent, json) = OutboxScene.Event("device", bytes: 20_000);
                if ((await scene.Outbox.StoreAsync(detectionEvent, json)).Problem is { } problem)
                {
                    Assert.Contains("is full", problem, StringComparison.Ordinal);
                    isFull = true;
                }
                else
                {
                    accepted.Add(detectionEvent.EventId!.Value);
                }
            }

            await AreSetAsideAsync(scene, accepted.Count);
            Assert.Equal(1_048_576 / 20_256, accepted.Count);
            Assert.Equal(accepted.Count * 20_256, scene.Count("edgecloud.outbox.size"));
            Assert.Equal(0, scene.Count("edgecloud.outbox.dropped/size"));
            await scene.StoreAsync("device", bytes: 2000);
        }

        await using var next = new OutboxScene(_broker.BootstrapServers, File, null, settings[1]);
        await next.StartAsync();
        await next.Outbox.RetryAsync(null, CancellationToken.None);

        await Eventually.HoldsAsync(
            () => next.Count("edgecloud.outbox.sent") >= accepted.Count && next.Count("edgecloud.outbox.size") == 0,
            "the outbox is empty");
        Assert.Equal(
            accepted.Order(),
            TopicReader.ReadToEnd(_broker.BootstrapServers).Select(message => message.EventId)
                .Where(accepted.Contains).Order());
    }

    [Fact]
    public async Task The_outbox_of_the_version_before_is_taken_over_with_its_events()
    {
        var (detectionEvent, json) = OutboxScene.Event("device", bytes: 4000);
        await using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE events (
                    id INTEGER PRIMARY KEY, stored_at INTEGER NOT NULL, bytes INTEGER NOT NULL, device_id TEXT NOT NULL,
                    event_id TEXT NOT NULL, timestamp INTEGER NOT NULL, trace_parent TEXT, trace_state TEXT,
                    json BLOB NOT NULL
                ) STRICT;
                PRAGMA user_version = 1;
                INSERT INTO events VALUES (7, $now, 4256, 'device', $event, $now, NULL, NULL, $json)
                """;
            command.Parameters.AddWithValue("$now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000);
            command.Parameters.AddWithValue("$event", detectionEvent.EventId.ToString());
            command.Parameters.AddWithValue("$json", json);
            command.ExecuteNonQuery();
        }

        await using var scene = new OutboxScene(_broker.BootstrapServers, File, null, AtMost3000Bytes);
        await scene.StartAsync();

        await AreSetAsideAsync(scene, 1);
        var small = await scene.StoreAsync("device");
        Assert.Equal(small, Assert.Single(TopicReader.Read(_broker.BootstrapServers, 1)).EventId);
        Assert.Equal(
            detectionEvent.EventId, Assert.Single((await scene.Outbox.ListSetAsideAsync(10)).Events).EventId);
    }

    /// <returns>What an edge without Kafka has left in the outbox.</returns>
    private async Task<List<Guid>> StoreAwayAsync(int count, int bytes = 300, TimeProvider? time = null)
    {
        await using var away = new OutboxScene(NoBroker, File, time);
        await away.StartAsync();
        var stored = new List<Guid>();
        for (var i = 0; i < count; i++)
            stored.Add(await away.StoreAsync("device", bytes));
        return stored;
    }

    /// <returns>What an edge has left set aside.</returns>
    private async Task<List<Guid>> SetAsideAsync(int count, TimeProvider? time = null)
    {
        var stored = await StoreAwayAsync(count, bytes: 4000, time);
        await using var scene = new OutboxScene(_broker.BootstrapServers, File, time, AtMost3000Bytes);
        await scene.StartAsync();
        await AreSetAsideAsync(scene, count);
        return stored;
    }

    private static Task AreSetAsideAsync(OutboxScene scene, int count) => Eventually.HoldsAsync(
        () => scene.Count("edgecloud.outbox.set_aside") == count && scene.Count("edgecloud.outbox.events") == 0,
        $"{count} events are set aside");

    private static Task<HealthCheckResult> HealthAsync(OutboxScene scene) =>
        scene.Services.GetRequiredService<OutboxHealth>().CheckHealthAsync(new HealthCheckContext());

    private static DetectionEvent Event(string deviceId, long sequence) =>
        OutboxScene.Event(deviceId).Event with
        {
            Schema = DetectionEvent.CurrentSchema,
            Frame = new FrameInfo(sequence, 64, 64),
        };
}
