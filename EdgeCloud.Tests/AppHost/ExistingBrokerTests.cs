using Aspire.Hosting;
using Aspire.Hosting.Testing;
using EdgeCloud.AppHost.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.Tests.AppHost;

public sealed class ExistingBrokerTests
{
    [Fact]
    public async Task A_connection_string_is_used_and_no_broker_started()
    {
        using var folder = new TemporaryFolder();
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data", "edge-data.dlq");
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(
            ["--Containers=off", $"--ConnectionStrings:kafka={broker.BootstrapServers}"]);
        builder.KeepFilesIn(folder);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.AreHealthyAsync("edge", "server");

        Assert.Equal(broker.BootstrapServers, await app.GetConnectionStringAsync("kafka"));
        Assert.Empty(app.Services.GetServices<IHostedService>().OfType<EmbeddedBroker>());

        // Only events of the broker that was named can make it to the server.
        using var edge = app.CreateHttpClient("edge", "http");
        using var server = app.CreateHttpClient("server", "http");
        using var photo = new ByteArrayContent(Photo.Astronaut) { Headers = { ContentType = new("image/jpeg") } };
        (await edge.PostAsync("/frame", photo)).EnsureSuccessStatusCode();
        await server.SeesAsync("events", 1);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Whether_there_are_containers_then_makes_no_difference(string containers)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(
            [$"--Containers={containers}", "--ConnectionStrings:kafka=192.0.2.1:9092"]);

        Assert.Contains(builder.Resources, resource => resource.Name == "kafka");
        Assert.Empty(builder.Resources.OfType<KafkaServerResource>());
    }
}
