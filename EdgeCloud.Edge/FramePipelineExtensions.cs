using EdgeCloud.Edge.Events;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Tracking;

namespace EdgeCloud.Edge;

internal static class FramePipelineExtensions
{
    public static void AddFramePipeline(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FaceTracker>();
        builder.Services.AddSingleton<PictureAnalyzer>();
        builder.Services.AddSingleton<FrameAnalyzer>();
        builder.Services.AddSingleton<EventWriter>();
        builder.Services.AddSingleton<FramePipeline>();
        builder.Services.AddSingleton<FrameProcess>(
            static services => services.GetRequiredService<FramePipeline>().ProcessAsync);
    }
}
