using Confluent.Kafka;

namespace EdgeCloud.Server.Ingest;

internal static class IngestExtensions
{
    /// <summary>The connection string of this name, which the AppHost injects, holds the bootstrap servers.</summary>
    private const string ConnectionName = "kafka";

    private static readonly TimeSpan CommittedTimeout = TimeSpan.FromSeconds(10);

    public static void AddIngest(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<IngestOptions>().BindConfiguration(IngestOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IngestProgress>();
        builder.Services.AddSingleton<IngestMetrics>();
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddHostedService<EventConsumer>();
        builder.Services.AddHealthChecks().AddCheck<IngestProgress>("caught-up");

        var group = builder.Configuration.GetSection(IngestOptions.Section).Get<IngestOptions>() ?? new IngestOptions();
        builder.AddKafkaConsumer<byte[], byte[]>(
            ConnectionName,
            settings =>
            {
                // Readiness is having caught up; a broker that goes away later leaves what is known worth serving.
                settings.DisableHealthChecks = true;
                settings.Config.GroupId = group.ConsumerGroup;
                settings.Config.EnableAutoOffsetStore = false;
                settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
                settings.Config.EnablePartitionEof = true;
                settings.Config.AllowAutoCreateTopics = true;
                settings.Config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range;

                // The shortest that brokers allow by default: a killed server's partitions are another's within 6 s.
                settings.Config.SessionTimeoutMs = 6_000;
                settings.Config.HeartbeatIntervalMs = 2_000;

                // A fetch that finds too little data waits this long; it bounds the delay from edge to server.
                settings.Config.FetchWaitMaxMs = 20;
            },
            static (services, consumer) =>
            {
                var progress = services.GetRequiredService<IngestProgress>();
                consumer.SetPartitionsAssignedHandler((client, partitions) => progress.Assign(Committed(client, partitions)));
            });

        builder.AddKafkaProducer<byte[], byte[]>(ConnectionName, settings =>
        {
            settings.DisableHealthChecks = true;
            settings.Config.Acks = Acks.All;
            settings.Config.EnableIdempotence = true;
        });
    }

    /// <summary>What the group has committed, or nothing known when the broker does not say: then dead letters may be set aside twice, and none is lost.</summary>
    private static List<TopicPartitionOffset> Committed(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        try
        {
            return consumer.Committed(partitions, CommittedTimeout);
        }
        catch (KafkaException)
        {
            return [.. partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))];
        }
    }
}
