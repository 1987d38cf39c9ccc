using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace EdgeCloud.Tests.EndToEnd;

/// <summary>The whole system as the AppHost starts it, with the embedded broker, on ports of its own. Shared by the tests that look at it from outside.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private DistributedApplication _app = null!;

    public HttpClient Edge { get; private set; } = null!;

    public HttpClient Server { get; private set; } = null!;

    public string BootstrapServers { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(["--Containers=off"]);
        _app = await builder.BuildAsync();
        await _app.StartAsync();
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("edge");
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("server");
        Edge = _app.CreateHttpClient("edge", "http");
        Server = _app.CreateHttpClient("server", "http");
        BootstrapServers = await _app.GetConnectionStringAsync("kafka") ?? throw new InvalidOperationException("The AppHost has no connection string 'kafka'.");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class RunningSystemCollection : ICollectionFixture<RunningSystem>
{
    public const string Name = "running system";
}
