using System.Diagnostics.Metrics;
using System.Text;
using EdgeCloud.Contract;
using EdgeCloud.Edge.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Tests.Edge.Events;

/// <summary>
/// The outbox of an edge without the rest of it: started and stopped by the test, its log and its counters at hand.
/// </summary>
internal sealed class OutboxScene : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Measurements _measurements;

    public OutboxScene(
        string bootstrapServers, string path, TimeProvider? time = null,
        params ReadOnlySpan<(string Key, string Value)> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:kafka", bootstrapServers),
            new("Edge:Events:OutboxPath", path), new("Logging:LogLevel:Default", "Debug")]);
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(Log));
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddOutbox();
        _app = builder.Build();

        _measurements = new Measurements(_app.Services.GetRequiredService<IMeterFactory>());
        Outbox = _app.Services.GetRequiredService<EventOutbox>();
    }

    public FakeLogCollector Log { get; } = new();

    public EventOutbox Outbox { get; }

    public IServiceProvider Services => _app.Services;

    public Task StartAsync() => Outbox.StartAsync(CancellationToken.None);

    public Task StopAsync() => Outbox.StopAsync(CancellationToken.None);

    /// <summary>
    /// What a counter has come to, or an observed value is; with <c>/tag</c> behind the name for one that has a tag.
    /// </summary>
    public long Count(string instrument) => _measurements.Count(instrument);

    /// <returns>The id of the event.</returns>
    public async Task<Guid> StoreAsync(string deviceId, int bytes = 300)
    {
        var (detectionEvent, json) = Event(deviceId, bytes);
        var result = await Outbox.StoreAsync(detectionEvent, json);
        Assert.Null(result.Problem);
        return detectionEvent.EventId!.Value;
    }

    /// <returns>An event and JSON of exactly so many bytes that is taken for it; the outbox does
    /// not look inside.</returns>
    public static (DetectionEvent Event, byte[] Json) Event(string deviceId, int bytes = 300)
    {
        var detectionEvent = new DetectionEvent
        {
            DeviceId = deviceId,
            Timestamp = DateTimeOffset.UtcNow,
            PersonsDetected = 0,
            Faces = [],
            EventId = Guid.CreateVersion7(),
        };
        return (detectionEvent, Encoding.UTF8.GetBytes(detectionEvent.EventId.ToString()!.PadRight(bytes)));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _measurements.Dispose();
    }
}
