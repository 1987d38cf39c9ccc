using EdgeCloud.Contract;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>TLS and SASL by the example of docs/kafka.md.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Password = "right";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [KafkaFact]
    public async Task The_documented_settings_let_edge_server_and_command_line_in()
    {
        var authority = await CreateKeysAsync();
        await using var broker = await KafkaBroker.StartAsync(
            Password, $"ssl.keystore.location={_folder.File("keys.p12")}", "ssl.keystore.password=changeit");
        await broker.CreateTopicsAsync(3, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        var settings = Example(broker, authority);
        var options = settings.Where(one => one.Key != "ConnectionStrings__kafka").Select(one =>
            $"--{one.Key.Replace("__", ":", StringComparison.Ordinal)}={one.Value}").ToArray();
        using var server = ServerProcess.Start(broker.SaslServers, options);
        await using var edge = await EdgeProcess.StartAsync(broker.SaslServers, _folder.File("outbox.db"), options);
        await server.IsReadyAsync();

        var load = await RunAsync(
            settings, "load", "--seconds", "1", "--fps", "5", "--edge", $"{edge.Client.BaseAddress}",
            "--server", $"{server.Http.BaseAddress}", "--kafka", broker.SaslServers);
        Assert.True(load.ExitCode == 0, load.Text);
        Assert.Matches("on Kafka +5,", load.Text);

        var letters = await RunAsync(settings, "dlq", "list");
        Assert.True(letters.ExitCode == 0, letters.Text);

        settings = settings.ToDictionary(
            one => one.Key, one => one.Key.EndsWith("SaslPassword", StringComparison.Ordinal) ? "wrong" : one.Value);
        var refused = await RunAsync(settings, "dlq", "list");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("uthentication failed", refused.Error, StringComparison.Ordinal);
    }

    private static Task<Finished> RunAsync(Dictionary<string, string?> settings, params string[] arguments) =>
        ChildProcess.RunAsync(ChildProcess.Dotnet("edgecloud", arguments), environment: settings);

    /// <summary>The document's own lines, with this broker's values in place of its.</summary>
    private static Dictionary<string, string?> Example(KafkaBroker broker, string authority) =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", "kafka.md"))
            .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
            .Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => (string?)(pair[1] switch
            {
                "kafka.example.com:9093" => broker.SaslServers,
                "/etc/ssl/certs/kafka-ca.pem" => authority,
                "edgecloud" => KafkaBroker.User,
                "secret" => Password,
                var value => value,
            }));

    /// <returns>The file that vouches for the broker.</returns>
    private async Task<string> CreateKeysAsync()
    {
        var keytool = Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home
            ? Path.Combine(home, "bin", "keytool")
            : "keytool";
        string[] store = ["-keystore", _folder.File("keys.p12"), "-storepass", "changeit", "-alias", "kafka"];
        await ChildProcess.SucceedAsync(
        [
            keytool, "-genkeypair", .. store, "-storetype", "PKCS12", "-keyalg", "RSA", "-validity", "2",
            "-dname", "CN=kafka", "-ext", "san=ip:127.0.0.1",
        ]);
        var authority = _folder.File("ca.pem");
        await ChildProcess.SucceedAsync([keytool, "-exportcert", "-rfc", .. store, "-file", authority]);
        return authority;
    }
}
