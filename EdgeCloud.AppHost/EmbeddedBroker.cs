using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.AppHost;

/// <summary>
/// librdkafka's built-in cluster (rdkafka_mock.h): one broker that speaks the real Kafka protocol over TCP on a free port of 127.0.0.1 and keeps its
/// topics in memory. At most 5 MiB and 100,000 batches per partition, the oldest dropped first; everything is gone when the process ends.
/// </summary>
internal sealed partial class EmbeddedBroker : IHostedService, IDisposable
{
    private const string Library = "librdkafka";
    private const int Producer = 0;
    private const int ErrorBufferBytes = 512;
    private const int BrokerId = 1;

    private IntPtr _client;
    private IntPtr _cluster;

    /// <summary>Starts the broker with its topics, so that no client's metadata request creates them with another number of partitions.</summary>
    /// <exception cref="InvalidOperationException">librdkafka refuses; the message says why.</exception>
    public EmbeddedBroker(int partitions, params ReadOnlySpan<string> topics)
    {
        var error = new byte[ErrorBufferBytes];

        // The client is only there to own the cluster; at its usual level it would warn that it has no bootstrap servers.
        var configuration = NewConfiguration();
        _ = Configure(configuration, "log_level", "3", error, error.Length);
        _client = NewClient(Producer, configuration, error, error.Length);
        if (_client == IntPtr.Zero)
            throw new InvalidOperationException($"The embedded broker could not start: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");

        _cluster = NewCluster(_client, 1);
        if (_cluster == IntPtr.Zero)
        {
            Dispose();
            throw new InvalidOperationException("The embedded broker could not start: librdkafka could not listen on 127.0.0.1.");
        }

        foreach (var topic in topics)
        {
            if (CreateTopic(_cluster, topic, partitions, 1) is not 0 and var code)
            {
                Dispose();
                throw new InvalidOperationException($"The embedded broker could not create the topic {topic}: librdkafka error {code}.");
            }
        }

        BootstrapServers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
    }

    /// <summary>host:port.</summary>
    public string BootstrapServers { get; }

    /// <summary>Goes off the network as a crashed broker does, connections cut; <see cref="ComeBack"/> ends that, with the topics as they were.</summary>
    public void GoAway() => SetDown(_cluster, BrokerId);

    public void ComeBack() => SetUp(_cluster, BrokerId);

    /// <summary>It has been running since it was made; as a hosted service it is disposed with the application.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        if (_cluster != IntPtr.Zero)
            DestroyCluster(_cluster);
        if (_client != IntPtr.Zero)
            DestroyClient(_client);
        _cluster = _client = IntPtr.Zero;
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial IntPtr NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Configure(IntPtr configuration, string name, string value, [Out] byte[] error, nint errorBytes);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial IntPtr NewClient(int type, IntPtr configuration, [Out] byte[] error, nint errorBytes);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial IntPtr NewCluster(IntPtr client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(IntPtr cluster, string topic, int partitions, int replicationFactor);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial IntPtr Bootstraps(IntPtr cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(IntPtr cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(IntPtr cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(IntPtr cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void DestroyClient(IntPtr client);
}
