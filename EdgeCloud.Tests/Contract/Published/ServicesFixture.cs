using System.Text;
using Confluent.Kafka;
using EdgeCloud.Edge.Inference.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>An edge and a server on one broker, with events of every kind on their way.</summary>
public sealed class ServicesFixture : IAsyncLifetime
{
    /// <summary>As the first version of this pipeline wrote them.</summary>
    private const string FirstVersion =
        """{"device_id":"old-1","timestamp":"2025-12-30T15:14:34.678870","persons_detected":1,"faces":[]}""";

    private EdgeApplication _edge = null!;

    internal ServerScene Scene { get; } = new();

    public HttpClient Edge { get; private set; } = null!;

    public HttpClient Server { get; private set; } = null!;

    internal PublishedApi EdgeApi { get; private set; } = null!;

    internal PublishedApi ServerApi { get; private set; } = null!;

    /// <summary>Keeps the edge busy with one frame, which is all that it may be, until it is disposed.</summary>
    internal async Task<IDisposable> BusyAsync() =>
        await _edge.Services.GetRequiredService<InferencePool>().AcquireAsync(CancellationToken.None);

    /// <summary>The messages that the edge has written to Kafka; other producers here send no headers.</summary>
    internal IReadOnlyList<Message<byte[], byte[]>> EdgeMessages() =>
    [
        .. TopicReader.All(Scene.BootstrapServers, toEnd: true)
            .Select(result => result.Message).Where(message => message.Headers is { Count: > 0 }),
    ];

    public async Task InitializeAsync()
    {
        _edge = new EdgeApplication(Scene.BootstrapServers, new Dictionary<string, string?>
        {
            ["Edge:Frames:FrameFile"] = "",
            ["Edge:Phone:Port"] = "0",
            ["Edge:Frames:MaxBodyBytes"] = "2000000",
            ["Edge:MotionGate:Enabled"] = "true",
            ["Edge:MotionGate:MaxConfirm"] = "00:10:00",
            ["Edge:Inference:WorldLandmarks"] = "true",
            ["Edge:Inference:MaxConcurrency"] = "1",
            ["Edge:Inference:MaxQueuedFrames"] = "0",
        });
        Edge = _edge.CreateClient();
        Server = await Scene.StartServerAsync();
        await _edge.ReadyAsync();

        // A face and a pose, the same unchanged, nobody, and the devices of old.
        for (var i = 0; i < 3; i++)
            await (await Edge.PostJpegAsync(Photo.Astronaut, "?device_id=photo")).EventAsync();
        await (await Edge.PostJpegAsync(Photo.Blank(64, 48), "?device_id=blank&captured_at=2025-12-30T15:14:34Z"))
            .EventAsync();
        await Scene.PublishAsync(Encoding.UTF8.GetBytes(FirstVersion), key: null);
        await Scene.PublishAsync("not an event"u8.ToArray());
        await Server.SeesAsync("events", 5);
        await Server.SeesAsync("dead_letters", 1);
        EdgeApi = new PublishedApi(await Edge.GetStringAsync("/openapi/v1.json"));
        ServerApi = new PublishedApi(await Server.GetStringAsync("/openapi/v1.json"));
    }

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        await Scene.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ServicesCollection : ICollectionFixture<ServicesFixture>
{
    public const string Name = "The services and their documents";
}
