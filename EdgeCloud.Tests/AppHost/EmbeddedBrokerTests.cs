using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.AppHost;

public sealed class EmbeddedBrokerTests
{
    [Fact]
    public void Its_topics_have_their_partitions_before_any_client_asks()
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data", "edge-data.dlq");
        using var admin =
            new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();

        var topics = admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics;

        Assert.Equal(["edge-data", "edge-data.dlq"], topics.Select(topic => topic.Topic).Order());
        Assert.All(topics, topic => Assert.Equal(6, topic.Partitions.Count));
    }

    [Fact]
    public void Two_of_them_live_side_by_side()
    {
        using var one = new EmbeddedBroker(partitions: 1, "a");
        using var other = new EmbeddedBroker(partitions: 1, "a");
        Assert.NotEqual(one.BootstrapServers, other.BootstrapServers);
    }

    [Fact]
    public async Task What_it_was_given_is_still_there_when_it_comes_back()
    {
        using var broker = new EmbeddedBroker(partitions: 1, "a");
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await producer.ProduceAsync("a", new Message<Null, string> { Value = "before" });
        broker.GoAway();
        var during = producer.ProduceAsync("a", new Message<Null, string> { Value = "during" });
        broker.ComeBack();
        Assert.Equal(1, (await during).Offset.Value);
    }
}
