using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.Tests.StandIns.Kafka;

public sealed class AspireKafkaTelemetryTests(MockCluster cluster) : IClassFixture<MockCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly AspireKafkaHost telemetry = new();
    private readonly string topic = cluster.CreateTopic();

    [Fact]
    public async Task A_message_carries_the_trace_of_its_publishing_and_receiving_links_to_it()
    {
        AddProducer();
        AddConsumer();
        using var host = await telemetry.Start();

        await Publish(host);
        var received = Receive(host);

        var publish = telemetry.ActivityNamed($"{topic} publish");
        var traceparent = Assert.Single(received.Message.Headers, header => header.Key == "traceparent");
        Assert.Equal(publish.Id, Encoding.UTF8.GetString(traceparent.GetValueBytes()));
        Assert.Equal(ActivityKind.Producer, publish.Kind);
        Assert.Equal("publish", publish.GetTagItem("messaging.operation"));
        Assert.Equal("kafka", publish.GetTagItem("messaging.system"));
        Assert.Equal(topic, publish.GetTagItem("messaging.destination.name"));
        Assert.Equal("edge-1", publish.GetTagItem("messaging.kafka.message.key"));
        Assert.NotNull(publish.GetTagItem("messaging.client_id"));

        var receive = telemetry.ActivityNamed($"{topic} receive");
        Assert.Equal(publish.Context.SpanId, Assert.Single(receive.Links).Context.SpanId);
        Assert.Equal(ActivityKind.Consumer, receive.Kind);
        Assert.Equal("receive", receive.GetTagItem("messaging.operation"));
        Assert.Equal(0, receive.GetTagItem("messaging.kafka.destination.partition"));
        Assert.Equal(0L, receive.GetTagItem("messaging.kafka.message.offset"));
        Assert.Equal(topic, receive.GetTagItem("messaging.kafka.consumer.group"));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task A_header_the_application_added_stays_beside_the_one_of_the_trace()
    {
        AddProducer();
        AddConsumer();
        using var host = await telemetry.Start();
        var message = Message();
        message.Headers = new Headers { { "traceparent", "mine"u8.ToArray() } };

        await host.Services.GetRequiredService<IProducer<string, string>>().ProduceAsync(topic, message);

        var headers = Receive(host).Message.Headers;
        Assert.Equal(2, headers.Count(header => header.Key == "traceparent"));
        Assert.Equal(telemetry.ActivityNamed($"{topic} publish").Id, Encoding.UTF8.GetString(headers.GetLastBytes("traceparent")));
    }

    [Fact]
    public async Task Without_tracing_a_message_carries_nothing_added()
    {
        AddProducer(disableTracing: true);
        AddConsumer();
        using var host = await telemetry.Start();

        await Publish(host);

        Assert.Empty(Receive(host).Message.Headers);
    }

    [Fact]
    public async Task Published_and_received_messages_are_counted_and_timed()
    {
        AddProducer();
        AddConsumer();
        using var host = await telemetry.Start();

        await Publish(host);
        Receive(host);

        foreach (var instrument in new[] { "messaging.publish.messages", "messaging.publish.duration" })
            Assert.Equal(Tags("publish"), telemetry.SeriesOf(host, instrument, topic));
        foreach (var instrument in new[] { "messaging.receive.messages", "messaging.receive.duration" })
            Assert.Equal(Tags("receive", partition: 0), telemetry.SeriesOf(host, instrument, topic));
    }

    [Fact]
    public async Task A_message_that_is_refused_marks_its_activity_and_its_measurement()
    {
        AddProducer();
        using var host = await telemetry.Start();
        var tooLarge = new Message<string, string> { Value = new string('x', 2_000_000) };

        await Assert.ThrowsAsync<ProduceException<string, string>>(
            () => host.Services.GetRequiredService<IProducer<string, string>>().ProduceAsync(topic, tooLarge));

        var publish = telemetry.ActivityNamed($"{topic} publish");
        Assert.Equal(ActivityStatusCode.Error, publish.Status);
        Assert.Equal("ProduceException: MsgSizeTooLarge", publish.GetTagItem("error.type"));
        Assert.Equal("ProduceException: MsgSizeTooLarge", telemetry.SeriesOf(host, "messaging.publish.messages", topic)["error.type"]);
    }

    private Dictionary<string, object?> Tags(string operation, int? partition = null)
    {
        var tags = new Dictionary<string, object?>
        {
            ["messaging.operation"] = operation,
            ["messaging.system"] = "kafka",
            ["messaging.destination.name"] = topic,
        };
        if (partition is not null)
            tags["messaging.kafka.destination.partition"] = partition;
        return tags;
    }

    private void AddProducer(bool disableTracing = false) => telemetry.Builder.AddKafkaProducer<string, string>("kafka", settings =>
    {
        settings.ConnectionString = cluster.BootstrapServers;
        settings.DisableTracing = disableTracing;
    });

    private void AddConsumer() => telemetry.Builder.AddKafkaConsumer<string, string>("kafka", settings =>
    {
        settings.ConnectionString = cluster.BootstrapServers;
        settings.Config.GroupId = topic;
        settings.Config.FetchWaitMaxMs = 10;
    });

    private static Message<string, string> Message() => new() { Key = "edge-1", Value = "hello" };

    private Task Publish(IHost host) => host.Services.GetRequiredService<IProducer<string, string>>().ProduceAsync(topic, Message());

    private ConsumeResult<string, string> Receive(IHost host)
    {
        var consumer = host.Services.GetRequiredService<IConsumer<string, string>>();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        return consumer.Consume(Patience);
    }
}
