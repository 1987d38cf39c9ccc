using Aspire.Hosting.Testing;

namespace EdgeCloud.Tests.RealKafka;

/// <summary>The whole system with an Apache Kafka of this machine.</summary>
public sealed class LocalBrokerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [KafkaFact]
    public async Task It_runs_and_an_outage_by_the_dashboards_commands_costs_nothing()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(
            ["--Containers=off", $"--Kafka:Home={KafkaTests.Folder}", $"--Kafka:Data={_folder.File("kafka")}"]);
        builder.KeepFilesIn(_folder);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.AreHealthyAsync("kafka", "edge", "server");
        using var edge = app.CreateHttpClient("edge", "http");
        using var server = app.CreateHttpClient("server", "http");

        await edge.PostJpegAsync(Photo.Astronaut);
        await server.SeesAsync("events", 1);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("kafka", "broker-away")).Success);
        await edge.PostJpegAsync(Photo.Astronaut);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("kafka", "broker-back")).Success);
        await server.SeesAsync("events", 2);
    }
}
