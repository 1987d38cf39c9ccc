using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeCloud.Tests.StandIns.Kafka;

public sealed class AspireKafkaHealthTests(MockCluster cluster) : IClassFixture<MockCluster>
{
    private const string NobodyListens = "127.0.0.1:1";

    [Fact]
    public async Task Producer_and_consumer_become_healthy_when_the_broker_answers()
    {
        using var host = Host(cluster.BootstrapServers);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        var report = await Check(host);
        while (report.Status != HealthStatus.Healthy && !patience.IsCancellationRequested)
            report = await Check(host);

        Assert.Equal(HealthStatus.Healthy, report.Entries["Aspire.Confluent.Kafka.Producer"].Status);
        Assert.Equal(HealthStatus.Healthy, report.Entries["Aspire.Confluent.Kafka.Consumer"].Status);
    }

    [Fact]
    public async Task Producer_and_consumer_are_unhealthy_when_no_broker_answers()
    {
        using var host = Host(NobodyListens);

        var report = await Check(host);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["Aspire.Confluent.Kafka.Producer"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["Aspire.Confluent.Kafka.Consumer"].Status);
    }

    [Fact]
    public void A_disabled_health_check_is_not_there_and_a_keyed_one_bears_its_key()
    {
        var builder = new HostApplicationBuilder();
        builder.AddKafkaProducer<string, string>("kafka", settings => settings.DisableHealthChecks = true);
        builder.AddKeyedKafkaProducer<string, string>("archive");
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>();

        Assert.Equal("Aspire.Confluent.Kafka.Producer_archive", Assert.Single(options.Value.Registrations).Name);
    }

    private static Task<HealthReport> Check(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private static IHost Host(string bootstrapServers)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddKafkaProducer<string, string>("kafka", settings => settings.ConnectionString = bootstrapServers);
        builder.AddKafkaConsumer<string, string>("kafka", settings =>
        {
            settings.ConnectionString = bootstrapServers;
            settings.Config.GroupId = "group";
        });
        return builder.Build();
    }
}
