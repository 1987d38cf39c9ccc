using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>
/// A position belongs to a log. A topic that is deleted and created again, or a broker whose data is gone, has another
/// log under the same name: what is there counts once, whatever had been read of the old one.
/// </summary>
public sealed class TopicMadeAnewTests : IAsyncLifetime
{
    private const int Old = 60;

    private readonly TemporaryFolder _folder = new();
    private readonly TopicPartition _partition = new(DetectionTopic.Name, 0);
    private KafkaBroker _broker = null!;

    private string History => $"Data Source={_folder.File("history.db")}";

    public async Task InitializeAsync()
    {
        if (KafkaTests.WhySkipped is not null)
            return;
        _broker = await KafkaBroker.StartAsync();
        await _broker.CreateTopicsAsync(1, DetectionTopic.Name, DetectionTopic.DeadLetterName);
    }

    public async Task DisposeAsync()
    {
        if (KafkaTests.WhySkipped is null)
            await _broker.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// A server that did nothing meanwhile reads the new log on at the old offset: nothing but its id tells that it is
    /// another.
    /// </summary>
    [KafkaTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_on_a_log_that_outgrew_the_old_one_counts_once(bool unnoticed)
    {
        using var server = await StartOnCommittedOffsetAsync();

        if (unnoticed)
            await server.FreezeAsync();
        await _broker.MakeAnewAsync(1, DetectionTopic.Name);
        Publish(events: 100, deadLetters: 10);
        if (unnoticed)
            await server.ThawAsync();

        await CountedOnceAsync(server, events: 100, deadLetters: 10);
        Assert.Single(server.Output, line => line.Contains("offsets from before are void", StringComparison.Ordinal));
        Assert.Matches("edgecloud_positions_void_total({[^}]*})? 1\n", await server.Http.GetStringAsync("/metrics"));
        await KilledAndStartedItCountsNothingAgainAsync(server, events: 100, deadLetters: 10);
    }

    [KafkaFact(nightly: true)]
    public async Task What_is_on_a_log_that_is_shorter_than_the_old_one_counts_once()
    {
        using var server = await StartOnCommittedOffsetAsync();

        await _broker.MakeAnewAsync(1, DetectionTopic.Name);
        Publish(events: 5, deadLetters: 5);

        await CountedOnceAsync(server, events: 5, deadLetters: 5);
        await KilledAndStartedItCountsNothingAgainAsync(server, events: 5, deadLetters: 5);
    }

    [KafkaFact]
    public async Task What_is_on_a_log_made_anew_while_the_server_was_away_counts_once()
    {
        (await StartOnCommittedOffsetAsync()).Dispose();

        await _broker.MakeAnewAsync(1, DetectionTopic.Name);
        Publish(events: 100, deadLetters: 10);

        using var server = ServerProcess.StartOn(History, _broker.BootstrapServers);
        await server.IsReadyAsync();
        await CountedOnceAsync(server, events: 100, deadLetters: 10);
    }

    [KafkaFact(nightly: true)]
    public async Task What_is_on_a_broker_whose_data_was_lost_counts_once()
    {
        using var server = await StartOnCommittedOffsetAsync();

        _broker.Kill();
        await _broker.LoseDataAsync();
        await _broker.StartAgainAsync();
        Publish(events: 5, deadLetters: 5);

        await CountedOnceAsync(server, events: 5, deadLetters: 5);
        await KilledAndStartedItCountsNothingAgainAsync(server, events: 5, deadLetters: 5);
    }

    [KafkaFact(nightly: true)]
    public async Task What_is_retained_behind_a_committed_offset_that_is_no_longer_counts_once()
    {
        (await StartOnCommittedOffsetAsync()).Dispose();
        Publish(events: 20, deadLetters: 5);
        await _broker.DeleteBeforeAsync(new TopicPartitionOffset(_partition, Old + 5));

        using var server = ServerProcess.StartOn(History, _broker.BootstrapServers);
        await server.IsReadyAsync();

        await server.Http.SeesAsync("dead_letters", 4);
        await server.Http.SeesAsync("events", Old + 16);
        Assert.Equal(4, DeadLetters());
    }

    /// <returns>A server that was assigned a partition of which its group has committed all there was.</returns>
    private async Task<ServerProcess> StartOnCommittedOffsetAsync()
    {
        Publish(events: Old, deadLetters: 0);
        await Eventually.HoldsAsync(() => _broker.GroupAnswers(Commit), "Kafka takes the group's offset");

        var server = ServerProcess.StartOn(History, _broker.BootstrapServers);
        await server.IsReadyAsync();
        await server.Http.SeesAsync("events", Old);
        return server;
    }

    private async Task CountedOnceAsync(ServerProcess server, int events, int deadLetters)
    {
        await server.Http.SeesAsync("dead_letters", deadLetters);
        await server.Http.SeesAsync("events", Old + events);
        await Eventually.HoldsAsync(
            () => _broker.GroupAnswers(group => Committed(group) == events + deadLetters),
            "the positions are committed");
        Assert.Equal(deadLetters, DeadLetters());
    }

    private async Task KilledAndStartedItCountsNothingAgainAsync(ServerProcess killed, int events, int deadLetters)
    {
        killed.Kill();
        using var next = ServerProcess.StartOn(History, _broker.BootstrapServers);
        await next.IsReadyAsync();
        await CountedOnceAsync(next, events, deadLetters);
        var metrics = await next.Http.GetStringAsync("/metrics");
        Assert.Matches($"edgecloud_messages_total{{[^}}]*outcome=\"replay\"}} {events + deadLetters}\n", metrics);
    }

    /// <summary>Events and what is none, in turn.</summary>
    private void Publish(int events, int deadLetters)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = _broker.BootstrapServers,
            Acks = Acks.All,
        }).Build();
        var every = deadLetters == 0 ? int.MaxValue : (events + deadLetters) / deadLetters;
        for (var i = 1; i <= events + deadLetters; i++)
        {
            var value = i % every == 0
                ? "{}"u8.ToArray() : DetectionEventJson.Write(Events.Of("e", DateTimeOffset.UtcNow));
            producer.Produce(DetectionTopic.Name, new Message<string, byte[]> { Key = "e", Value = value });
        }

        producer.Flush(TimeSpan.FromSeconds(30));
    }

    private int DeadLetters() =>
        TopicReader.All(_broker.BootstrapServers, DetectionTopic.DeadLetterName, toEnd: true).Count();

    private bool Commit(IConsumer<byte[], byte[]> group)
    {
        group.Commit([new TopicPartitionOffset(_partition, Old)]);
        return true;
    }

    private long Committed(IConsumer<byte[], byte[]> group) =>
        group.Committed([_partition], TimeSpan.FromSeconds(30)).Single().Offset;
}
