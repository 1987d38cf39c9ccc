using Confluent.Kafka;
using EdgeCloud.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Server.Ingest;

internal static class IngestExtensions
{
    /// <summary>The shortest that brokers allow by default: a killed server's partitions are another's within
    /// it.</summary>
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    public static void AddIngest(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<IngestOptions>().BindValidated(IngestOptions.Section);
        NativeHeap.ReturnFreedMemory();
        builder.Services.AddSingleton<IngestProgress>();
        builder.Services.AddSingleton<ConsumerLag>();
        builder.Services.AddSingleton<GroupLag>();
        builder.Services.AddSingleton<MessagingTelemetry>();
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<PendingEvents>();
        builder.Services.AddSingleton<MessageHandler>();
        builder.Services.AddSingleton<SharedEvents>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<SharedEvents>());
        builder.Services.AddSingleton<PartitionAssignment>();
        builder.Services.AddHostedService<PartitionReader>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<ConsumerLag>());
        builder.Services.AddHostedService(static services => services.GetRequiredService<GroupLag>());
        builder.Services.AddSingleton<BrokerConnection>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<BrokerConnection>());
        builder.Services.AddHealthChecks()
            .AddCheck<IngestProgress>("caught-up").AddCheck<BrokerConnection>("kafka");
        builder.AddTopics<IProducer<byte[], byte[]>>(static services =>
        {
            var topics = services.GetRequiredService<IOptions<IngestOptions>>().Value;
            return [topics.Topic, topics.DeadLetterTopic, topics.PresenceTopic];
        });

        var group = builder.Configuration.GetSection(IngestOptions.Section).Get<IngestOptions>()
            ?? new IngestOptions();
        builder.AddKafkaConsumer<byte[], byte[]>(
            KafkaExtensions.ConnectionName,
            settings =>
            {
                KafkaExtensions.RequireServers(settings.ConnectionString, settings.Config.BootstrapServers);

                // Readiness is having caught up; a broker that goes away later leaves what is known worth serving.
                settings.DisableHealthChecks = true;

                // Its own follow older conventions, and would count and trace everything a second time.
                settings.DisableMetrics = true;
                settings.DisableTracing = true;
                settings.Config.GroupId = group.ConsumerGroup;
                settings.Config.EnableAutoOffsetStore = false;
                settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
                settings.Config.EnablePartitionEof = true;
                settings.Config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range;

                settings.Config.SessionTimeoutMs = (int)SessionTimeout.TotalMilliseconds;
                settings.Config.HeartbeatIntervalMs = 2_000;

                // Doubled at each failure; at the usual 10 s an outage would last that much longer for whoever looks at
                // the server.
                settings.Config.ReconnectBackoffMaxMs = 2_000;

                // A fetch that finds too little data waits this long; it bounds the delay from edge to server.
                settings.Config.FetchWaitMaxMs = 20;

                // What the client may hold that is not processed yet; twice as much makes a replay no faster. When it
                // holds that much it rests: at the default of 1 s, for half of a replay there is nothing to process.
                settings.Config.QueuedMaxMessagesKbytes = 16 * 1024;
                settings.Config.FetchQueueBackoffMs = 50;

                // Of each partition at once, as they came, which may be compressed: at the usual 1 MiB events that
                // zstd makes fifty times smaller took 180 MB more, and reading them was no faster.
                settings.Config.MaxPartitionFetchBytes = 64 * 1024;

                // How long it rests when a broker answers with an error; the usual 500 ms are as much delay from edge
                // to server.
                settings.Config.FetchErrorBackoffMs = 50;
            },
            static (services, consumer) =>
            {
                // Nothing is dropped when partitions are revoked: a rebalance revokes all of them and gives most back.
                var progress = services.GetRequiredService<IngestProgress>();
                var connection = services.GetRequiredService<BrokerConnection>();
                consumer.SetErrorHandler((_, error) =>
                {
                    if (error.Code == ErrorCode.Local_AllBrokersDown)
                        connection.Lost(error.Reason);
                });
                consumer.SetPartitionsLostHandler((_, _) =>
                {
                    // An outage longer than a session ends the membership; once Kafka is back, the group waits for the
                    // member that was, for a session. Its partitions are read on meanwhile: they are nobody else's.
                    if (connection.WasLost(within: SessionTimeout))
                        progress.LoseMembership();
                });
                consumer.SetPartitionsAssignedHandler((client, partitions) =>
                    services.GetRequiredService<PartitionAssignment>().Begin(client, partitions));
            });

        builder.AddPresences(group.ConsumerGroup);
        builder.AddKafkaProducer<byte[], byte[]>(KafkaExtensions.ConnectionName, settings =>
        {
            settings.DisableHealthChecks = true;
            settings.DisableMetrics = true;
            settings.DisableTracing = true;
            settings.Config.Acks = Acks.All;
            settings.Config.EnableIdempotence = true;

            // One dead letter at a time is waited for; there is nothing to gather.
            settings.Config.LingerMs = 0;
        });
    }

    private static void AddPresences(this WebApplicationBuilder builder, string group)
    {
        builder.Services.AddSingleton<PresencePartitions>();
        builder.Services.AddHostedService<PresenceReader>();
        builder.AddKafkaConsumer<Ignore, byte[]>(KafkaExtensions.ConnectionName, settings =>
        {
            settings.DisableHealthChecks = true;
            settings.DisableMetrics = true;
            settings.DisableTracing = true;

            // The client wants the name of a group, and asks who coordinates it, though it never joins: this one it may
            // ask about.
            settings.Config.GroupId = group;
            settings.Config.EnableAutoCommit = false;
            settings.Config.EnableAutoOffsetStore = false;
            settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
            settings.Config.ReconnectBackoffMaxMs = 2_000;

            // An event a minute from each person: a small part of what the other client may hold.
            settings.Config.QueuedMaxMessagesKbytes = 1024;
            settings.Config.MaxPartitionFetchBytes = 64 * 1024;
        });
    }
}
