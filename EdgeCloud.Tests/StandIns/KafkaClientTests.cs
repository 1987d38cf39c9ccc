using System.Text.Json;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.Tests.StandIns;

public sealed class KafkaClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_client_is_built_once_and_the_application_adds_handlers_with_services_at_hand()
    {
        using var broker = new EmbeddedBroker(partitions: 1, "a");
        var statistics = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = new HostApplicationBuilder();
        builder.Services.AddSingleton(statistics);
        builder.AddKafkaProducer<string, string>(
            "kafka",
            settings =>
            {
                SwitchOff(settings);
                settings.ConnectionString = broker.BootstrapServers;
                settings.Config.StatisticsIntervalMs = 10;
            },
            (services, producer) => producer.SetStatisticsHandler(
                (_, json) => services.GetRequiredService<TaskCompletionSource<string>>().TrySetResult(json)));
        using var host = builder.Build();

        var producer = host.Services.GetRequiredService<IProducer<string, string>>();
        Assert.Same(producer, host.Services.GetRequiredService<IProducer<string, string>>());

        using var read = JsonDocument.Parse(await statistics.Task.WaitAsync(Patience));
        Assert.Equal(producer.Name, read.RootElement.GetProperty("name").GetString());
    }

    internal static void SwitchOff(KafkaProducerSettings settings) =>
        settings.DisableTracing = settings.DisableMetrics = settings.DisableHealthChecks = true;

    internal static void SwitchOff(KafkaConsumerSettings settings) =>
        settings.DisableTracing = settings.DisableMetrics = settings.DisableHealthChecks = true;
}
