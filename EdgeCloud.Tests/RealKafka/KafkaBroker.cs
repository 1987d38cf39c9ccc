using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EdgeCloud.AppHost;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>An Apache Kafka in a folder of its own, started as the AppHost starts one.</summary>
internal sealed class KafkaBroker : IAsyncDisposable
{
    public const string User = "edgecloud";

    private readonly TemporaryFolder _temporary = new();
    private readonly ApacheKafka _kafka;
    private readonly KafkaFolder _folder;
    private ChildProcess? _process;

    private KafkaBroker(string? password, string[] settings)
    {
        var (port, controllerPort, saslPort) = (Ports.FindFree(), Ports.FindFree(), Ports.FindFree());
        _kafka = ApacheKafka.At(KafkaTests.Folder!, KafkaTests.Variable);
        _folder = new KafkaFolder(
            _kafka, _temporary.File("kafka"), port, controllerPort,
            password is null ? settings : [.. settings, .. Sasl(port, controllerPort, saslPort, password, settings)]);
        SaslServers = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{saslPort}");
    }

    /// <summary>Where anybody is served.</summary>
    public string BootstrapServers => _folder.BootstrapServers;

    /// <summary>Where <see cref="User"/> is served, who has to say the password.</summary>
    public string SaslServers { get; }

    /// <param name="password">Of <see cref="User"/>, for whom there is a listener with SASL/PLAIN then.</param>
    /// <param name="settings">Of the broker, besides; with a key store, the listener has TLS too.</param>
    /// <returns>A broker that answers.</returns>
    public static async Task<KafkaBroker> StartAsync(string? password = null, params string[] settings)
    {
        var broker = new KafkaBroker(password, settings);
        await broker._folder.PrepareAsync(CancellationToken.None);
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Another start on the same data, after <see cref="Kill"/>.</summary>
    public async Task StartAgainAsync()
    {
        _process?.Dispose();
        _process = ChildProcess.Start([_kafka.Java, .. _folder.Arguments]);
        using var admin = NewAdmin();
        await Eventually.HoldsAsync(
            () =>
            {
                Assert.False(_process.HasExited, "Apache Kafka ended before it answered.");
                try
                {
                    return admin.GetMetadata(TimeSpan.FromSeconds(1)).Brokers.Count == 1;
                }
                catch (KafkaException)
                {
                    return false;
                }
            },
            "Apache Kafka answers");
    }

    /// <summary>SIGKILL: nothing is flushed or closed.</summary>
    public void Kill() => _process!.Kill();

    /// <summary>SIGTERM: its clients are told to go elsewhere, and there is nowhere.</summary>
    public async Task StopAsync()
    {
        await _process!.SignalAsync("TERM");
        await _process.EndAsync();
    }

    /// <summary>SIGSTOP: connections stay open, and nothing answers.</summary>
    public Task FreezeAsync() => _process!.SignalAsync("STOP");

    public Task ThawAsync() => _process!.SignalAsync("CONT");

    /// <summary>Asks the coordinator of the servers' group.</summary>
    /// <returns>What it answers; false as long as there is none.</returns>
    public bool GroupAnswers(Func<IConsumer<byte[], byte[]>, bool> question)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = BootstrapServers,
            GroupId = DetectionTopic.ConsumerGroup,
        }).Build();
        try
        {
            return question(consumer);
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    public async Task CreateTopicsAsync(int partitions, params IEnumerable<string> topics)
    {
        using var admin = NewAdmin();
        await admin.CreateTopicsAsync(
            topics.Select(topic => new TopicSpecification { Name = topic, NumPartitions = partitions }));
    }

    /// <summary>Changes a setting of a topic, which the broker follows from then on.</summary>
    public async Task SetTopicAsync(string topic, string name, string value)
    {
        using var admin = NewAdmin();
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
            [
                new ConfigEntry { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set },
            ],
        });
    }

    /// <summary>Deletes topics and creates them again: their names stand for other logs then.</summary>
    public async Task MakeAnewAsync(int partitions, params string[] topics)
    {
        using var admin = NewAdmin();
        await admin.DeleteTopicsAsync(topics);
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await CreateTopicsAsync(partitions, topics);
                    return true;
                }
                catch (CreateTopicsException)
                {
                    return false;
                }
            },
            "Kafka has deleted the topics");
    }

    public async Task DeleteTopicsAsync(params string[] topics)
    {
        using var admin = NewAdmin();
        await admin.DeleteTopicsAsync(topics);
    }

    /// <summary>Deletes the messages of a partition before an offset, as retention does.</summary>
    public async Task DeleteBeforeAsync(TopicPartitionOffset position)
    {
        using var admin = NewAdmin();
        await admin.DeleteRecordsAsync([position]);
    }

    /// <summary>What a lost volume takes with it: topics, messages, and the groups' offsets.</summary>
    public async Task LoseDataAsync()
    {
        Directory.Delete(Path.Combine(_folder.Path, "data"), recursive: true);
        await _folder.PrepareAsync(CancellationToken.None);
    }

    public async Task AddPartitionsAsync(string topic, int total)
    {
        using var admin = NewAdmin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = total }]);
    }

    public async ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _folder.Dispose();
        _temporary.Dispose();
    }

    private static string[] Sasl(int port, int controllerPort, int saslPort, string password, string[] settings)
    {
        var protocol = settings.Any(line => line.StartsWith("ssl.keystore.location", StringComparison.Ordinal))
            ? "SASL_SSL"
            : "SASL_PLAINTEXT";
        var listeners = string.Create(
            CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{port},{protocol}://127.0.0.1:{saslPort}");
        return
        [
            string.Create(
                CultureInfo.InvariantCulture, $"listeners={listeners},CONTROLLER://127.0.0.1:{controllerPort}"),
            $"advertised.listeners={listeners}",
            $"listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,{protocol}:{protocol}",
            "sasl.enabled.mechanisms=PLAIN",
            $"listener.name.{protocol.ToLowerInvariant()}.plain.sasl.jaas.config="
            + "org.apache.kafka.common.security.plain.PlainLoginModule "
                + $"required user_{User}=\"{password}\";",
        ];
    }

    private IAdminClient NewAdmin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers })
            .SetLogHandler(static (_, _) => { })
            .Build();
}
