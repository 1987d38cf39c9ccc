using System.Text;
using Confluent.Kafka;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

public sealed class WholePathTests(KafkaScene scene) : IClassFixture<KafkaScene>
{
    private const int Frames = 20;

    [KafkaFact]
    public async Task A_photo_comes_out_at_the_server_and_is_on_the_topic_with_its_key_and_headers()
    {
        var sent = await (await scene.Edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=photo")).Content
            .ReadAsStringAsync();

        await Eventually.HoldsAsync(
            async () => (await scene.Server.Http.IdsAsync("?device_id=photo")).Length == 1, "the server has the event");
        Assert.Equal($"[{sent}]", await scene.Server.Http.GetStringAsync("/data?device_id=photo"));
        var message =
            Assert.Single(TopicReader.ReadToEnd(scene.Broker.BootstrapServers), message => message.DeviceId == "photo");
        Assert.Equal(sent, Encoding.UTF8.GetString(message.Value));
        Assert.Equal("1.0", Encoding.UTF8.GetString(message.Headers.GetLastBytes("ce_specversion")));
    }

    [KafkaFact]
    public async Task A_broker_that_is_killed_and_starts_again_costs_nothing()
    {
        await using var traffic = scene.TrafficOf("killed");
        traffic.Start();
        await traffic.AreAcceptedAsync(Frames);

        scene.Broker.Kill();
        await traffic.AreAcceptedAsync(Frames);
        await scene.Broker.StartAgainAsync();

        await traffic.AreAcceptedAsync(Frames);
        await scene.IsInBalanceAsync(traffic);
    }

    [KafkaFact]
    public async Task A_second_server_that_joins_and_is_killed_or_a_third_that_leaves_costs_nothing()
    {
        await using var traffic = scene.TrafficOf("joined");
        traffic.Start();
        await traffic.AreAcceptedAsync(Frames);
        using (var second = ServerProcess.Start(scene.Broker.BootstrapServers))
        {
            await second.IsReadyAsync();
            await Eventually.HoldsAsync(
                async () => (await second.Http.GetStringAsync("/metrics"))
                    .Contains("edgecloud_consumer_lag{", StringComparison.Ordinal),
                "the second server has partitions of its own");
            using var third = ServerProcess.Start(scene.Broker.BootstrapServers);
            await third.IsReadyAsync();
            await traffic.AreAcceptedAsync(Frames);
            await third.StopAsync();
        }

        await traffic.AreAcceptedAsync(Frames);
        await scene.IsInBalanceAsync(traffic);
    }

    [KafkaTheory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task The_server_reads_what_was_compressed_by(CompressionType codec)
    {
        var device = $"codec-{codec}".ToLowerInvariant();
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = scene.Broker.BootstrapServers,
            CompressionType = codec,
        }).Build();
        var events = Enumerable.Range(0, 50).Select(_ => Events.Of(device, DateTimeOffset.UtcNow)).ToArray();
        await Task.WhenAll(events.Select(one => producer.ProduceAsync(DetectionTopic.Name, Message(one))));

        await Eventually.HoldsAsync(
            async () => (await scene.Server.Http.IdsAsync($"?device_id={device}&limit=100")).Length == events.Length,
            "all of them are counted");
    }

    [KafkaFact]
    public async Task Of_transactions_only_what_was_committed_counts_and_their_markers_hold_nobody_up()
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = scene.Broker.BootstrapServers,
            TransactionalId = "transactions",
        }).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(30));
        var (aborted, committed) =
            (Events.Of("transactions", DateTimeOffset.UtcNow), Events.Of("transactions", DateTimeOffset.UtcNow));

        producer.BeginTransaction();
        await producer.ProduceAsync(DetectionTopic.Name, Message(aborted));
        producer.AbortTransaction();
        producer.BeginTransaction();
        await producer.ProduceAsync(DetectionTopic.Name, Message(committed));
        producer.CommitTransaction();

        await Eventually.HoldsAsync(
            async () => (await scene.Server.Http.IdsAsync("?device_id=transactions"))
                .SequenceEqual([committed.EventId.ToString()]),
            "the committed event is counted, and it alone");

        // The last thing on its partition is a marker, which no reader ever sees.
        using var next = ServerProcess.Start(scene.Broker.BootstrapServers);
        await next.IsReadyAsync();
        await Eventually.HoldsAsync(
            async () => (await next.Http.StatsAsync()).GetProperty("lag").GetProperty("messages").GetInt64() == 0,
            "nothing is left to read");
    }

    private static Message<string, byte[]> Message(DetectionEvent one) =>
        DetectionTopic.CreateMessage(one.DeviceId, one.EventId!.Value, one.Timestamp, DetectionEventJson.Write(one));
}
