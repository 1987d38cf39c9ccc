using BenchmarkDotNet.Attributes;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Bench;

/// <summary>
/// What the outbox adds to a frame: from the event to its commit, one at a time or many at once, with
/// a broker that takes them.
/// </summary>
[MemoryDiagnoser]
public class OutboxBenchmarks
{
    private const int AtOnce = 100;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgecloud-");
    private readonly DetectionEvent _event = new()
    {
        DeviceId = "edge-1",
        Timestamp = DateTimeOffset.UtcNow,
        PersonsDetected = 0,
        Faces = [],
        EventId = Guid.CreateVersion7(),
    };

    private readonly byte[] _json = new byte[1800];
    private readonly Task[] _stores = new Task[AtOnce];
    private EmbeddedBroker _broker = null!;
    private WebApplication _edge = null!;
    private EventOutbox _outbox = null!;

    [Params("Relaxed", "Full")]
    public string Durability { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _broker = new EmbeddedBroker(partitions: 6, "edge-data");
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = _broker.BootstrapServers,
            ["Edge:Events:OutboxPath"] = Path.Combine(_folder.FullName, "outbox.db"),
            ["Edge:Events:Durability"] = Durability,
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddOutbox();
        _edge = builder.Build();
        _outbox = _edge.Services.GetRequiredService<EventOutbox>();
        await _outbox.StartAsync(CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _outbox.StopAsync(CancellationToken.None);
        await _edge.DisposeAsync();
        _folder.Delete(recursive: true);
        _broker.Dispose();
    }

    [Benchmark]
    public Task One() => StoreAsync();

    [Benchmark(OperationsPerInvoke = AtOnce)]
    public Task HundredAtOnce()
    {
        for (var i = 0; i < AtOnce; i++)
            _stores[i] = StoreAsync();
        return Task.WhenAll(_stores);
    }

    private async Task StoreAsync()
    {
        var result = await _outbox.StoreAsync(_event, _json);
        if (result.Problem is { } problem)
            throw new InvalidOperationException(problem);
    }
}
