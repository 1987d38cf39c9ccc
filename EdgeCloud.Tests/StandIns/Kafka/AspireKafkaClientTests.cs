using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.Tests.StandIns.Kafka;

public sealed class AspireKafkaClientTests(MockCluster cluster) : IClassFixture<MockCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_client_is_built_once_and_a_keyed_one_beside_it()
    {
        var builder = new HostApplicationBuilder();
        builder.Configuration["ConnectionStrings:kafka"] = builder.Configuration["ConnectionStrings:archive"] = cluster.BootstrapServers;
        builder.AddKafkaProducer<string, string>("kafka");
        builder.AddKeyedKafkaProducer<string, string>("archive");
        using var host = builder.Build();

        var producer = host.Services.GetRequiredService<IProducer<string, string>>();

        Assert.Same(producer, host.Services.GetRequiredService<IProducer<string, string>>());
        Assert.NotSame(producer, host.Services.GetRequiredKeyedService<IProducer<string, string>>("archive"));
    }

    [Fact]
    public async Task The_application_adds_handlers_to_the_builder_with_services_at_hand()
    {
        var statistics = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = new HostApplicationBuilder();
        builder.Services.AddSingleton(statistics);
        builder.AddKafkaProducer<string, string>(
            "kafka",
            settings =>
            {
                settings.ConnectionString = cluster.BootstrapServers;
                settings.Config.StatisticsIntervalMs = 10;
            },
            (services, producer) => producer.SetStatisticsHandler(
                (_, json) => services.GetRequiredService<TaskCompletionSource<string>>().TrySetResult(json)));
        using var host = builder.Build();
        var name = host.Services.GetRequiredService<IProducer<string, string>>().Name;

        using var read = JsonDocument.Parse(await statistics.Task.WaitAsync(Patience));

        Assert.Equal(name, read.RootElement.GetProperty("name").GetString());
    }
}
