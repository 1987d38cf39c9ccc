using EdgeCloud.Edge.Events;

namespace EdgeCloud.Edge;

internal static class FramePipelineExtensions
{
    public static void AddFramePipeline(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FrameAnalyzer>();
        builder.Services.AddSingleton<EventWriter>();
        builder.Services.AddSingleton<FramePipeline>();
    }
}
