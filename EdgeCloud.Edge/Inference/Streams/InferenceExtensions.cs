using EdgeCloud.ServiceDefaults;
using OpenCvSharp;

namespace EdgeCloud.Edge.Inference.Streams;

internal static class InferenceExtensions
{
    public static void AddInference(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<InferenceOptions>().BindValidated(InferenceOptions.Section);
        builder.Services.AddSingleton<InferenceMetrics>();
        builder.Services.AddSingleton<InferencePool>();
        builder.Services.AddSingleton<ModelLoader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelLoader>());
        builder.Services.AddHealthChecks().AddCheck<ModelLoader>("models");

        // Frames are the unit of parallelism here.
        Cv2.SetNumThreads(1);
    }
}
