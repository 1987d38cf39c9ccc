using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeCloud.AppHost;
using EdgeCloud.AppHost.Brokers;
using Microsoft.Extensions.Configuration;

namespace EdgeCloud.Tests.AppHost;

public sealed class BrokerKindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Container")]
    [InlineData("local")]
    [InlineData("EMBEDDED")]
    public void The_mode_decides_whatever_is_here(string mode) =>
        Assert.Equal(mode, Chosen(("Kafka:Mode", mode), ("Containers", "on")), ignoreCase: true);

    [Theory]
    [InlineData("on", null, "Container")]
    [InlineData("on", "/opt/kafka", "Container")]
    [InlineData("off", "/opt/kafka", "Local")]
    [InlineData("off", null, "Embedded")]
    public void Without_it_a_container_comes_first_then_a_Kafka_of_this_machine(
        string containers, string? home, string expected)
    {
        Assert.Equal(expected, Chosen(("Containers", containers), ("Kafka:Home", home)));
        Assert.Equal(expected, Chosen(("Containers", containers), ("KAFKA_HOME", home)));
    }

    [Theory]
    [InlineData("Docker")]
    [InlineData("7")]
    public void Another_mode_is_rejected_with_the_choices(string mode)
    {
        var exception = Assert.Throws<SetupException>(() => Chosen(("Kafka:Mode", mode)));
        Assert.Equal($"Kafka:Mode is '{mode}'; it must be Container, Local or Embedded.", exception.Message);
    }

    [Fact]
    public void A_local_Kafka_that_nothing_names_is_an_error_that_says_what_to_set()
    {
        var exception = Assert.Throws<SetupException>(() => ApacheKafka.Find(Configuration()));
        Assert.Contains("set Kafka:Home or KAFKA_HOME", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kafka:Home")]
    [InlineData("KAFKA_HOME")]
    public void A_folder_that_is_no_Kafka_is_an_error_that_names_it_and_the_setting(string key)
    {
        foreach (var folder in (string[])[_folder.Path, _folder.File("nowhere")])
        {
            var exception = Assert.Throws<SetupException>(() => ApacheKafka.Find(Configuration((key, folder))));
            Assert.StartsWith($"{key} names {folder}, which is not a", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', exception.Message);
        }
    }

    [Theory]
    [InlineData("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime Environment", 17)]
    [InlineData("openjdk version \"25\" 2025-09-16", 25)]
    [InlineData("java version \"1.8.0_452\"", 8)]
    [InlineData("no version at all", 0)]
    public void The_version_of_Java_is_read_from_what_it_says(string said, int major) =>
        Assert.Equal(major, ApacheKafka.Major(said));

    [Fact]
    public async Task Data_that_another_AppHost_has_are_an_error_that_names_their_folder()
    {
        var kafka = new ApacheKafka(_folder.Path, "java");
        Directory.CreateDirectory(_folder.File("data"));
        await File.WriteAllTextAsync(_folder.File("data/meta.properties"), "");
        using var first = new KafkaFolder(kafka, _folder.Path, 1, 2);
        using var second = new KafkaFolder(kafka, _folder.Path, 1, 2);
        await first.PrepareAsync(CancellationToken.None);

        var exception = await Assert.ThrowsAsync<SetupException>(() => second.PrepareAsync(CancellationToken.None));

        Assert.StartsWith(
            $"Kafka's data in {_folder.Path} are in use by another AppHost", exception.Message,
            StringComparison.Ordinal);
        first.Dispose();
        await second.PrepareAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_an_error_that_names_it()
    {
        using var folder = new KafkaFolder(new ApacheKafka(_folder.Path, "java"), "/proc/kafka", 1, 2);

        var exception = await Assert.ThrowsAsync<SetupException>(() => folder.PrepareAsync(CancellationToken.None));

        Assert.StartsWith(
            "Kafka's data cannot be written to /proc/kafka (", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("set Kafka:Data to another folder.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "Kafka:Port is 'none'; it must lie between 1 and 65535.")]
    [InlineData("0", "Kafka:Port is '0'; it must lie between 1 and 65535.")]
    public void A_port_that_is_none_is_an_error(string port, string expected) => Assert.Equal(
        expected,
        Assert.Throws<SetupException>(() => LocalBrokerExtensions.Port(Configuration(("Kafka:Port", port)))).Message);

    [Fact]
    public void A_port_that_another_process_has_is_an_error()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var exception =
            Assert.Throws<SetupException>(() => LocalBrokerExtensions.Port(Configuration(("Kafka:Port", taken))));

        Assert.StartsWith(
            $"Kafka:Port is {taken}, which another process has", exception.Message, StringComparison.Ordinal);
    }

    private static string Chosen(params (string Key, string? Value)[] settings) =>
        BrokerKinds.Choose(Configuration(settings)).ToString();

    private static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)))
            .Build();
}
