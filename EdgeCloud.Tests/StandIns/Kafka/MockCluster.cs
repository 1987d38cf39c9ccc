using System.Runtime.InteropServices;

namespace EdgeCloud.Tests.StandIns.Kafka;

/// <summary>One broker speaking Kafka over TCP, from librdkafka itself, through an import of this assembly's own.</summary>
public sealed class MockCluster : IDisposable
{
    private const int ProducerType = 0;
    private const int ErrorBytes = 512;
    private readonly nint client;
    private readonly nint cluster;

    public MockCluster()
    {
        var error = new byte[ErrorBytes];
        client = rd_kafka_new(ProducerType, 0, error, ErrorBytes);
        Assert.NotEqual(0, client);
        cluster = rd_kafka_mock_cluster_new(client, 1);
        Assert.NotEqual(0, cluster);
        BootstrapServers = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(cluster))!;
    }

    public string BootstrapServers { get; }

    /// <summary>A topic of one partition that no other test knows.</summary>
    public string CreateTopic()
    {
        var topic = $"topic-{Guid.NewGuid():n}";
        Assert.Equal(0, rd_kafka_mock_topic_create(cluster, topic, 1, 1));
        return topic;
    }

    public void Dispose()
    {
        rd_kafka_mock_cluster_destroy(cluster);
        rd_kafka_destroy(client);
    }

    [DllImport("librdkafka")]
    private static extern nint rd_kafka_new(int type, nint configuration, byte[] error, nint errorSize);

    [DllImport("librdkafka")]
    private static extern void rd_kafka_destroy(nint client);

    [DllImport("librdkafka")]
    private static extern nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [DllImport("librdkafka")]
    private static extern void rd_kafka_mock_cluster_destroy(nint cluster);

    [DllImport("librdkafka")]
    private static extern nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [DllImport("librdkafka")]
    private static extern int rd_kafka_mock_topic_create(
        nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replicationFactor);
}
