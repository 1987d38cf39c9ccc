using System.Reflection;
using Confluent.Kafka;
using EdgeCloud.Carbon;
using EdgeCloud.Contract;
using EdgeCloud.Server.Ingest;
using EdgeCloud.Server.Live;
using EdgeCloud.Server.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.Server;

/// <summary>Messages that the group had finished with before, read again to rebuild the state.</summary>
public sealed class ReadAgainTests
{
    [Fact]
    public async Task What_a_new_store_reads_again_neither_takes_the_groups_offset_back_nor_counts_as_traffic()
    {
        var consumer = DispatchProxy.Create<IConsumer<byte[], byte[]>, ScriptedConsumer>();
        var script = (ScriptedConsumer)(object)consumer;
        using var measured = new Measurements();
        using var scene = new StoreScene(TimeProvider.System);
        var (store, registry) = (scene.Store, scene.Registry);
        var progress = new IngestProgress(TimeProvider.System);
        progress.Assign([new AssignedPartition(0, Committed: 3, Low: 0, High: 5)]);
        var options = Options.Create(new IngestOptions());
        var (time, meters) = (TimeProvider.System, measured.Meters);
        using var feed = new LiveFeed(new RecentEvents(meters, time), meters, time);
        using var lag = new ConsumerLag(consumer, progress, meters, options, time);
        var telemetry = new MessagingTelemetry(meters, options, time);
        var carbon = Options.Create(new CarbonOptions());
        using var intensity = new IntensityFeed(
            IntensityProviders.Create(carbon.Value, time), carbon, time, NullLogger<IntensityFeed>.Instance);
        var devices = Options.Create(new DeviceOptions());
        var pending = new PendingEvents(store, progress, intensity, options, devices, time);
        var handler = new MessageHandler(pending, feed, null!, telemetry, meters, time);
        var assignment = new PartitionAssignment(progress, pending, null!, options, null!, null!);
        using var server = new PartitionReader(
            consumer, progress, handler, assignment, time, NullLogger<PartitionReader>.Instance);

        await server.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => registry.Totals().Events == 5, "all five events are counted");
        await server.StopAsync(CancellationToken.None);

        Assert.Equal([5], script.Stored);
        Assert.Equal(
            ["replay", "replay", "replay", "event", "event"],
            measured.Of("edgecloud.messages").Select(each => Assert.Single(each.Labels).Value));
        Assert.All(
            ["edgecloud.freshness", "messaging.process.duration", "messaging.client.operation.duration"],
            instrument => Assert.Equal(2, measured.Of(instrument).Count));
        Assert.Equal(5, measured.Count("messaging.client.consumed.messages"));
        Assert.True(script.Closed);
        Assert.Empty(lag.Read());
    }

    /// <summary>A consumer with five events to give, which notes what is stored.</summary>
    private class ScriptedConsumer : DispatchProxy
    {
        private int _next;

        public List<long> Stored { get; } = [];

        public bool Closed { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IConsumer<,>.Consume):
                    return Consume();
                case nameof(IConsumer<,>.StoreOffset):
                    Stored.Add(((TopicPartitionOffset)args![0]!).Offset);
                    break;
                case nameof(IConsumer<,>.Close):
                    Closed = true;
                    break;
            }

            return null;
        }

        private ConsumeResult<byte[], byte[]>? Consume()
        {
            if (_next == 5)
                return null;

            var one = Events.Of("edge-1", DateTimeOffset.UtcNow);
            return new ConsumeResult<byte[], byte[]>
            {
                TopicPartitionOffset = new TopicPartitionOffset(DetectionTopic.Name, 0, _next++),
                Message = new() { Key = "edge-1"u8.ToArray(), Value = DetectionEventJson.Write(one) },
            };
        }
    }
}
