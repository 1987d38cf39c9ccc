using BenchmarkDotNet.Attributes;
using EdgeCloud.AppHost;
using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Bench;

/// <summary>The whole way of a frame in process, from the bytes of the body to the event queued for a broker that is there; HTTP is what <c>./edgecloud load</c> adds.</summary>
[MemoryDiagnoser]
public class FramePathBenchmarks
{
    private readonly byte[] _jpeg = Pictures.Jpeg(640, 480);
    private EmbeddedBroker _broker = null!;
    private WebApplication _edge = null!;
    private FramePipeline _pipeline = null!;

    [Params("Off", "Lite")]
    public string Pose { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _broker = new EmbeddedBroker(partitions: 6, "edge-data");
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = _broker.BootstrapServers,
            ["Edge:Inference:Pose"] = Pose,
            ["Edge:Frames:FrameFile"] = "",
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.AddServiceDefaults();
        builder.AddFrames();
        builder.AddInference();
        builder.AddEvents();
        _edge = builder.Build();
        _edge.Services.GetRequiredService<InferencePool>().Load();
        await _edge.StartAsync();
        _pipeline = _edge.Services.GetRequiredService<FramePipeline>();
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _edge.DisposeAsync();
        _broker.Dispose();
    }

    /// <summary>Includes renting and filling the body's buffer.</summary>
    [Benchmark]
    public async Task<byte[]> Frame()
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(_jpeg.Length);
        _jpeg.CopyTo(buffer, 0);
        using var frame = new ReceivedFrame(buffer, .._jpeg.Length, "edge-1", null);
        var (json, rejection) = await _pipeline.ProcessAsync(frame, CancellationToken.None);
        return json ?? throw new InvalidOperationException(rejection!.Detail);
    }
}
