using System.Globalization;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.AppHost.Brokers;

/// <summary>An Apache Kafka of this machine as a process of the system, its data in the user's folder.</summary>
internal sealed class LocalBrokerResource(string name, ApacheKafka kafka, KafkaFolder folder)
    : ExecutableResource(name, kafka.Java, kafka.Home), IResourceWithConnectionString
{
    public KafkaFolder Folder => folder;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{folder.BootstrapServers}");
}

internal static class LocalBrokerExtensions
{
    private const int UsualPort = 9092;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="SetupException">There is no Kafka or no Java here, or its port is taken.</exception>
    public static IResourceBuilder<LocalBrokerResource> AddLocalBroker(
        this IDistributedApplicationBuilder builder, string name)
    {
        var kafka = ApacheKafka.Find(builder.Configuration);
        var port = Port(builder.Configuration);
        var folder = new KafkaFolder(kafka, DataFolder(builder.Configuration), port, Ports.FindFree());
        builder.Services.AddSingleton(_ => folder);
        builder.Eventing.Subscribe<BeforeStartEvent>((starting, cancellationToken) =>
            starting.Services.GetRequiredService<KafkaFolder>().PrepareAsync(cancellationToken));

        return builder.AddResource(new LocalBrokerResource(name, kafka, folder))
            .WithArgs(folder.Arguments)
            .WithIconName("MailMultiple")
            .WithUrl($"tcp://{folder.BootstrapServers}", "Kafka")
            .WithMetadataCheck(folder.BootstrapServers)
            .OnResourceReady(static (resource, _, _) => CreateTopicsAsync(resource.Folder.BootstrapServers));
    }

    private static string DataFolder(IConfiguration configuration) =>
        configuration["Kafka:Data"] is { Length: > 0 } data
            ? Path.GetFullPath(data)
            : Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
                "EdgeCloud",
                "kafka");

    /// <summary>
    /// Kafka tells its clients its port, so it has the one that they see: the one that was asked
    /// for, the usual one, or any.
    /// </summary>
    /// <exception cref="SetupException">It is none, or another process has it.</exception>
    internal static int Port(IConfiguration configuration)
    {
        if (configuration["Kafka:Port"] is not { Length: > 0 } wanted)
            return Ports.IsFree(UsualPort) && !Ports.AreRandom(configuration) ? UsualPort : Ports.FindFree();
        if (!int.TryParse(wanted, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            throw new SetupException($"Kafka:Port is '{wanted}'; it must lie between 1 and 65535.");

        return Ports.IsFree(port)
            ? port
            : throw new SetupException(
                $"Kafka:Port is {wanted}, which another process has: stop it, or choose another port.");
    }

    /// <summary>
    /// Before the services start, since a reader of a topic that is not there would wait for somebody to write to it.
    /// </summary>
    private static async Task CreateTopicsAsync(string servers)
    {
        using var client = Broker.NewClient(servers);
        TopicSpecification[] missing =
        [
            .. Broker.Topics.Except(client.GetMetadata(Patience).Topics.Select(topic => topic.Topic))
                .Select(topic => new TopicSpecification { Name = topic, NumPartitions = Broker.Partitions }),
        ];
        if (missing.Length > 0)
            await client.CreateTopicsAsync(missing);
    }
}
