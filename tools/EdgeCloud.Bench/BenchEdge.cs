using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Carbon;
using EdgeCloud.Edge;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference;
using EdgeCloud.Edge.Inference.Streams;
using EdgeCloud.Edge.Motion;
using EdgeCloud.Edge.Outbox;
using EdgeCloud.Edge.Pacing;
using EdgeCloud.Edge.Telemetry;
using EdgeCloud.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeCloud.Bench;

/// <summary>The edge as it runs, in this process, on a free port, with an embedded broker that is there.</summary>
internal sealed class BenchEdge : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgecloud-");
    private readonly EmbeddedBroker _broker = new(partitions: 6, "edge-data");
    private readonly WebApplication _edge;

    private BenchEdge(FaceRange faces, PoseMode pose, bool gate)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = _broker.BootstrapServers,
            ["Edge:Inference:FaceRange"] = $"{faces}",
            ["Edge:Inference:Pose"] = $"{pose}",
            ["Edge:Events:OutboxPath"] = Path.Combine(_folder.FullName, "outbox.db"),
            ["Edge:MotionGate:Enabled"] = $"{gate}",
            ["Edge:MotionGate:MaxConfirm"] = "00:10:00",
            ["Edge:Frames:FrameFile"] = "",
            ["Edge:Frames:MaxFramesPerSecond"] = "100000",
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.AddServiceDefaults();
        builder.AddEdgeTelemetry();
        builder.AddCarbon("edge");
        builder.AddFrames();
        builder.AddInference();
        builder.AddMotionGate();
        builder.AddPacing();
        builder.AddOutbox();
        builder.AddFramePipeline();
        _edge = builder.Build();
        _edge.MapDefaultEndpoints();
        _edge.MapFrames(Pipeline.ProcessAsync);
    }

    public FramePipeline Pipeline => _edge.Services.GetRequiredService<FramePipeline>();

    public FrameMemory Memory => _edge.Services.GetRequiredService<FrameMemory>();

    public Uri Address => new(_edge.Urls.Single());

    /// <param name="faces">Edge:Inference:FaceRange.</param>
    /// <param name="pose">Edge:Inference:Pose.</param>
    /// <param name="gate">Edge:MotionGate:Enabled; what has been looked at then holds for ten minutes.</param>
    public static async Task<BenchEdge> StartAsync(FaceRange faces, PoseMode pose, bool gate = false)
    {
        var edge = new BenchEdge(faces, pose, gate);
        edge._edge.Services.GetRequiredService<InferencePool>().Load();
        await edge._edge.StartAsync();
        return edge;
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.StopAsync();
        await _edge.DisposeAsync();
        _broker.Dispose();
        _folder.Delete(recursive: true);
    }
}
