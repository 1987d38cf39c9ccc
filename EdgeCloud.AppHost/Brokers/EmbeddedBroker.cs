using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>
/// librdkafka's built-in cluster (rdkafka_mock.h): one broker that speaks the real Kafka protocol over TCP on a free
/// port of 127.0.0.1 and keeps its topics in memory. At most 5 MiB and 100,000 batches per partition, the oldest
/// dropped first; everything is gone when the process ends.
/// </summary>
internal sealed unsafe class EmbeddedBroker : IHostedService, IDisposable
{
    private const int Producer = 0;
    private const int BrokerId = 1;
    private const int ErrorBufferBytes = 512;

    private readonly nint _client;
    private readonly nint _cluster;
    private bool _disposed;

    /// <summary>
    /// Starts the broker with its topics, so that no client's metadata request creates them with
    /// another number of partitions.
    /// </summary>
    /// <exception cref="InvalidOperationException">librdkafka rejects it; the message says why.</exception>
    /// <exception cref="DllNotFoundException">There is no librdkafka that loads here.</exception>
    public EmbeddedBroker(int partitions, params ReadOnlySpan<string> topics)
    {
        _client = NewClient();
        _cluster = Librdkafka.NewCluster(_client, 1);
        if (_cluster == 0)
        {
            Dispose();
            throw new InvalidOperationException(
                "The embedded broker could not start: librdkafka could not listen on 127.0.0.1.");
        }

        // It would keep the first member of a group waiting for others, 3 s by default; the server starts alone.
        Librdkafka.SetInitialRebalanceDelay(_cluster, 0);

        foreach (var topic in topics)
        {
            fixed (byte* name = Utf8(topic))
            {
                if (Librdkafka.CreateTopic(_cluster, name, partitions, 1) is not 0 and var code)
                {
                    Dispose();
                    throw new InvalidOperationException(
                        $"The embedded broker could not create the topic {topic}: librdkafka error {code}.");
                }
            }
        }

        BootstrapServers = Marshal.PtrToStringUTF8((nint)Librdkafka.Bootstraps(_cluster))!;
    }

    /// <summary>host:port.</summary>
    public string BootstrapServers { get; }

    /// <summary>
    /// Goes off the network as a crashed broker does, connections cut; <see cref="ComeBack"/> ends that, with
    /// the topics as they were.
    /// </summary>
    public void GoAway() => Librdkafka.SetBrokerDown(_cluster, BrokerId);

    public void ComeBack() => Librdkafka.SetBrokerUp(_cluster, BrokerId);

    /// <summary>
    /// Answers the next requests of a kind with these errors, one for each; both are numbers of the Kafka protocol.
    /// </summary>
    public void FailNext(short apiKey, params ReadOnlySpan<int> errors)
    {
        fixed (int* codes = errors)
            _ = Librdkafka.PushRequestErrors(_cluster, apiKey, errors.Length, codes);
    }

    /// <summary>
    /// It has been running since it was made; as a hosted service it is disposed with the application.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_cluster != 0)
            Librdkafka.DestroyCluster(_cluster);
        Librdkafka.DestroyClient(_client);
    }

    /// <summary>
    /// A client that is only there to own the cluster; at its usual log level it would warn that it
    /// has no bootstrap servers.
    /// </summary>
    private static nint NewClient()
    {
        var error = stackalloc byte[ErrorBufferBytes];
        var configuration = Librdkafka.NewConfiguration();
        fixed (byte* name = Utf8("log_level"), value = Utf8("3"))
            _ = Librdkafka.Configure(configuration, name, value, error, ErrorBufferBytes);

        var client = Librdkafka.NewClient(Producer, configuration, error, ErrorBufferBytes);
        return client != 0
            ? client
            : throw new InvalidOperationException(
                $"The embedded broker could not start: {Marshal.PtrToStringUTF8((nint)error)}");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
