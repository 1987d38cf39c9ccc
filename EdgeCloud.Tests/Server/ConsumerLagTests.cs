using System.Reflection;
using Confluent.Kafka;
using EdgeCloud.Server.Ingest;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

public sealed class ConsumerLagTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly Measurements _measured = new();
    private readonly IngestProgress _progress;
    private readonly Watermarks _client;
    private readonly ConsumerLag _lag;

    public ConsumerLagTests()
    {
        _progress = new IngestProgress(_time);
        var consumer = DispatchProxy.Create<IConsumer<byte[], byte[]>, Watermarks>();
        _client = (Watermarks)(object)consumer;
        _lag = new ConsumerLag(consumer, _progress, _measured.Meters, Options.Create(new IngestOptions()), _time);
        _progress.Assign([new AssignedPartition(3, Committed: null, Low: 10, High: 12)]);
    }

    public void Dispose()
    {
        _lag.Dispose();
        _measured.Dispose();
    }

    [Fact]
    public void Until_the_client_has_fetched_it_is_what_the_assignment_said_and_grows_from_there()
    {
        _time.SetUtcNow(Noon.AddSeconds(5));
        Assert.Equal(new PartitionLag(3, 2, TimeSpan.FromSeconds(5)), Assert.Single(_lag.Read()));
    }

    [Fact]
    public void While_messages_are_processed_it_is_the_age_of_the_one_processed_last()
    {
        _client.High = 20;
        Process(10, written: Noon.AddMinutes(-10));
        Assert.Equal(new PartitionLag(3, 9, TimeSpan.FromMinutes(10)), Assert.Single(_lag.Read()));
        Process(11, written: Noon.AddMinutes(-2));
        Assert.Equal(new PartitionLag(3, 8, TimeSpan.FromMinutes(2)), Assert.Single(_lag.Read()));
        Assert.Equal(new LagStats(8, 120), LagStats.Of(_lag.Read()));
    }

    [Fact]
    public void A_message_after_a_long_silence_has_waited_only_since_the_end_was_last_reached()
    {
        Process(10, written: Noon);
        Process(11, written: Noon);
        _client.High = 12;
        _time.SetUtcNow(Noon.AddHours(1));
        _lag.NoteEnds();
        Assert.Equal(TimeSpan.Zero, Assert.Single(_lag.Read()).Time);

        _client.High = 13;
        _time.SetUtcNow(Noon.AddHours(1).AddSeconds(1));
        _lag.NoteEnds();
        Assert.Equal(new PartitionLag(3, 1, TimeSpan.FromSeconds(1)), Assert.Single(_lag.Read()));
    }

    [Fact]
    public void However_often_it_is_asked_the_answer_to_the_next_question_is_the_same()
    {
        Process(10, written: Noon);
        Process(11, written: Noon);
        _client.High = 12;
        _time.SetUtcNow(Noon.AddMinutes(1));
        for (var i = 0; i < 3; i++)
            Assert.Equal(new LagStats(0, 0), LagStats.Of(_lag.Read()));

        _client.High = 13;
        Assert.Equal(new PartitionLag(3, 1, TimeSpan.FromMinutes(1)), Assert.Single(_lag.Read()));
    }

    [Fact]
    public void A_clock_that_is_ahead_does_not_hide_that_nothing_is_processed()
    {
        _client.High = 20;
        Process(10, written: Noon.AddHours(1));
        _time.SetUtcNow(Noon.AddMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(1), Assert.Single(_lag.Read()).Time);
    }

    [Fact]
    public void At_the_end_it_is_zero_though_the_last_offsets_held_no_message()
    {
        _client.High = 20;
        Process(10, written: Noon);
        _progress.ReachedEnd(3, end: 20);
        Assert.Equal(new PartitionLag(3, 0, TimeSpan.Zero), Assert.Single(_lag.Read()));
    }

    [Fact]
    public void A_partition_that_is_taken_away_is_not_told_of_any_more_and_a_client_that_is_gone_not_asked()
    {
        _progress.Assign([new AssignedPartition(5, Committed: null, Low: null, High: null)]);
        Assert.Equal(new PartitionLag(5, 0, TimeSpan.Zero), Assert.Single(_lag.Read()));
        _progress.Release();
        _client.IsGone = true;
        Assert.Empty(_lag.Read());
        Assert.Equal(default, LagStats.Of(_lag.Read()));
    }

    [Fact]
    public async Task It_grows_while_a_message_holds_up_the_others_and_is_zero_when_they_are_processed()
    {
        await using var scene = new ServerScene();
        await scene.PublishAsync("not an event"u8.ToArray());
        await scene.PublishAsync(Events.Of("edge-1", DateTimeOffset.UtcNow));
        scene.Broker.Fail(BrokerFaults.Produce, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 1000)]);
        var server = scene.LaunchServer();

        await Eventually.HoldsAsync(async () => (await LagAsync()).Messages == 2, "both messages are waiting");
        var (_, seconds) = await LagAsync();
        await Eventually.HoldsAsync(async () => (await LagAsync()).Seconds > seconds, "it has grown");

        scene.Broker.Recover(BrokerFaults.Produce);
        await Eventually.HoldsAsync(async () => await LagAsync() == (0, 0), "the server has caught up");

        async Task<(long Messages, double Seconds)> LagAsync()
        {
            var lag = (await server.StatsAsync()).GetProperty("lag");
            return (lag.GetProperty("messages").GetInt64(), lag.GetProperty("seconds").GetDouble());
        }
    }

    private void Process(long offset, DateTimeOffset written) =>
        _progress.Processed(
            new ConsumeResult<byte[], byte[]>
            {
                TopicPartitionOffset = new TopicPartitionOffset("edge-data", 3, offset),
                Message = new() { Timestamp = new Timestamp(written) },
            },
            isCounted: false);

    private class Watermarks : DispatchProxy
    {
        public long? High { get; set; }

        public bool IsGone { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            IsGone ? throw new ObjectDisposedException(nameof(IConsumer<,>))
            : High is { } high ? new WatermarkOffsets(0, high)
            : throw new KafkaException(new Error(ErrorCode.Local_UnknownPartition));
    }
}
