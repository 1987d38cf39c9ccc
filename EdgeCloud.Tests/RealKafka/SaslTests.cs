using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>SASL/PLAIN, by the settings that Kafka's client has for it.</summary>
public sealed class SaslTests(SaslTests.Scene scene) : IClassFixture<SaslTests.Scene>
{
    private const string Password = "right";

    [KafkaFact]
    public async Task With_the_right_password_a_photo_comes_out_at_the_server()
    {
        using var folder = new TemporaryFolder();
        using var server = ServerProcess.Start(scene.Broker.SaslServers, Settings(Password));
        await using var edge =
            await EdgeProcess.StartAsync(scene.Broker.SaslServers, folder.File("outbox.db"), Settings(Password));

        await server.IsReadyAsync();
        await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=right");

        await Eventually.HoldsAsync(
            async () => (await server.Http.IdsAsync("?device_id=right")).Length == 1, "the server has the event");
    }

    [KafkaFact]
    public async Task With_a_wrong_password_frames_are_kept_and_the_log_says_why_they_are_not_sent()
    {
        using var folder = new TemporaryFolder();
        await using var edge =
            await EdgeProcess.StartAsync(scene.Broker.SaslServers, folder.File("outbox.db"), Settings("wrong"));

        var answer = await edge.Client.PostJpegAsync(Photo.Astronaut, "?device_id=wrong");

        Assert.True(answer.IsSuccessStatusCode);
        await Eventually.HoldsAsync(
            () => edge.Output.Any(line => line.Contains("uthentication failed", StringComparison.Ordinal)),
            "the log says why");
        await Eventually.HoldsAsync(
            async () => await edge.Client.GetStringAsync("/health") == "Degraded", "the edge says that it is cut off");
    }

    [KafkaFact]
    public async Task With_a_wrong_password_the_server_is_not_ready_and_its_log_says_why()
    {
        using var server = ServerProcess.Start(scene.Broker.SaslServers, Settings("wrong"));
        await server.AnswersAsync();

        await Eventually.HoldsAsync(
            () => server.Output.Any(line => line.Contains("uthentication failed", StringComparison.Ordinal)),
            "the log says why");
        Assert.Equal("Unhealthy", await (await server.Http.GetAsync("/health")).Content.ReadAsStringAsync());
    }

    /// <summary>Of producer and consumer alike.</summary>
    internal static string[] Settings(string password) =>
    [
        .. ((string[])["Producer", "Consumer"]).SelectMany(client => (string[])
        [
            $"--Aspire:Confluent:Kafka:{client}:Config:SecurityProtocol=SaslPlaintext",
            $"--Aspire:Confluent:Kafka:{client}:Config:SaslMechanism=Plain",
            $"--Aspire:Confluent:Kafka:{client}:Config:SaslUsername={KafkaBroker.User}",
            $"--Aspire:Confluent:Kafka:{client}:Config:SaslPassword={password}",
        ]),
    ];

    public sealed class Scene : IAsyncLifetime
    {
        internal KafkaBroker Broker { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            if (KafkaTests.WhySkipped is not null)
                return;

            Broker = await KafkaBroker.StartAsync(Password);
            await Broker.CreateTopicsAsync(6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        }

        public async Task DisposeAsync()
        {
            if (Broker is not null)
                await Broker.DisposeAsync();
        }
    }
}
