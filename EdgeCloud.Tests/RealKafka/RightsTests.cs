using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>
/// An edge whose user may write another topic, at a Kafka that creates none by itself. Kafka ends the client of a user
/// that may write nothing at all, and the edge with it, which says so.
/// </summary>
public sealed class RightsTests : IAsyncLifetime
{
    private const string Password = "right";
    private readonly TemporaryFolder _folder = new();
    private KafkaBroker _broker = null!;
    private EdgeProcess _edge = null!;

    public async Task InitializeAsync()
    {
        if (KafkaTests.WhySkipped is not null)
            return;
        _broker = await KafkaBroker.StartAsync(
            Password,
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:ANONYMOUS", "auto.create.topics.enable=false");
        await GrantWriteAsync("another");
        _edge = await EdgeProcess.StartAsync(
            _broker.SaslServers, _folder.File("outbox.db"), SaslTests.Settings(Password));
    }

    public async Task DisposeAsync()
    {
        if (KafkaTests.WhySkipped is null)
        {
            await _edge.DisposeAsync();
            await _broker.DisposeAsync();
        }

        _folder.Dispose();
    }

    [KafkaFact]
    public async Task What_it_may_not_write_yet_and_has_no_topic_for_waits_and_is_delivered_once()
    {
        Assert.True((await _edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=first")).IsSuccessStatusCode);
        await IsCutOffAsync("not authorized");
        Assert.Contains(_edge.Output, line => line.Contains("cannot be created", StringComparison.Ordinal));

        await GrantWriteAsync(DetectionTopic.Name);
        await IsCutOffAsync("there is no topic");
        Assert.True((await _edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=second")).IsSuccessStatusCode);
        await _broker.CreateTopicsAsync(1, DetectionTopic.Name);

        // What says who came has no topic, and holds up nothing.
        await _edge.OutboxIsEmptyAsync();
        Assert.Equal(
            ["first", "second"], TopicReader.ReadToEnd(_broker.BootstrapServers).Select(message => message.DeviceId));
        await IsCutOffAsync("to the topic edge-presence");

        await GrantWriteAsync(PresenceTopic.Name);
        await _broker.CreateTopicsAsync(1, PresenceTopic.Name);

        // The client finds out about the topic in its own time; what is retried before that is set aside again.
        await Eventually.HoldsAsync(
            async () =>
            {
                var outbox = await _edge.Client.GetFromJsonAsync<JsonElement>("/outbox");
                var isSetAside = outbox.GetProperty("set_aside_events").GetInt64() > 0;
                if (isSetAside)
                    (await _edge.Client.PostAsJsonAsync("/outbox/retry", new { all = true })).Dispose();
                return !isSetAside && outbox.GetProperty("waiting_events").GetInt64() == 0;
            },
            "all is delivered");
        await Eventually.HoldsAsync(
            async () => await _edge.Client.GetStringAsync("/health") == "Healthy", "the edge is cut off no more");
        string[] came = [.. TopicReader.All(_broker.BootstrapServers, PresenceTopic.Name)
            .Select(message => Encoding.UTF8.GetString(message.Message.Key)).Distinct().Take(2)];
        Assert.Equal(["first", "second"], came.Order(StringComparer.Ordinal));
    }

    private async Task IsCutOffAsync(string reason)
    {
        await Eventually.HoldsAsync(
            async () => (await _edge.Client.GetStringAsync("/health?verbose"))
                .Contains(reason, StringComparison.OrdinalIgnoreCase),
            $"the edge says that it is cut off: {reason}");
        Assert.Equal("Degraded", await _edge.Client.GetStringAsync("/health"));
    }

    private async Task GrantWriteAsync(string topic)
    {
        using var admin = new AdminClientBuilder(
            new AdminClientConfig { BootstrapServers = _broker.BootstrapServers }).Build();
        await admin.CreateAclsAsync(
        [
            new AclBinding
            {
                Pattern = new ResourcePattern
                {
                    Type = ResourceType.Topic,
                    Name = topic,
                    ResourcePatternType = ResourcePatternType.Literal,
                },
                Entry = new AccessControlEntry
                {
                    Principal = $"User:{KafkaBroker.User}",
                    Host = "*",
                    Operation = AclOperation.Write,
                    PermissionType = AclPermissionType.Allow,
                },
            },
        ]);
    }
}
