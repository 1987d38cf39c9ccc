using System.Net;

namespace EdgeCloud.Tests.Server;

/// <summary>A PostgreSQL that is not there when the server starts, goes away, and comes back.</summary>
public sealed class StoreAwayTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_store_that_is_away_degrades_the_server_and_costs_nothing()
    {
        await using var scene = new ServerScene { History = await postgres.CreateDatabaseAsync() };
        await postgres.StopAsync();
        var server = scene.LaunchServer();
        await HealthIsAsync(server, "Degraded");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("/devices")).StatusCode);
        var history = await server.GetAsync("/history");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, history.StatusCode);
        Assert.Contains("The history (postgresql) is away", await history.Content.ReadAsStringAsync());
        Assert.Matches(
            """(?m)^edgecloud_store_up\{.*db_system_name="postgresql".*\} 0\b""",
            await server.GetStringAsync("/metrics"));
        await PublishAsync(scene, 10);

        await postgres.StartAsync();
        await server.SeesAsync("events", 10);
        await HealthIsAsync(server, "Healthy");

        await postgres.StopAsync();
        await PublishAsync(scene, 10);
        await HealthIsAsync(server, "Degraded");
        await postgres.StartAsync();
        await server.SeesAsync("events", 20);
        await server.SeesAsync("duplicates", 0);
    }

    private static async Task PublishAsync(ServerScene scene, int events)
    {
        for (var i = 0; i < events; i++)
            await scene.PublishAsync(Events.Of($"edge-{i}", DateTimeOffset.UtcNow));
    }

    private static Task HealthIsAsync(HttpClient server, string status) => Eventually.HoldsAsync(
        async () => await (await server.GetAsync("/health")).Content.ReadAsStringAsync() == status,
        $"/health says {status}");
}
