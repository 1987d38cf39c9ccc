using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;
using OpenCvSharp;

namespace EdgeCloud.Edge.Inference.Streams;

internal static class InferenceExtensions
{
    public static void AddInference(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<InferenceOptions>()
            .Configure<IConfiguration>(static (_, configuration) => RequireChoices(configuration))
            .BindConfiguration(InferenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<InferenceMetrics>();
        builder.Services.AddSingleton<InferencePool>();
        builder.Services.AddSingleton<ModelLoader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelLoader>());
        builder.Services.AddHealthChecks().AddCheck<ModelLoader>("models");

        // Frames are the unit of parallelism here.
        Cv2.SetNumThreads(1);
    }

    /// <summary>A word that is no choice cannot be bound, and the binder does not say what the choices are.</summary>
    private static void RequireChoices(IConfiguration configuration)
    {
        var section = configuration.GetSection(InferenceOptions.Section);
        foreach (var property in typeof(InferenceOptions).GetProperties())
        {
            if (property.GetCustomAttribute<EnumDataTypeAttribute>() is { ErrorMessage: { } problem }
                && section[property.Name] is { } value && !Enum.TryParse(property.PropertyType, value, true, out _))
                throw new OptionsValidationException(Options.DefaultName, typeof(InferenceOptions), [problem]);
        }
    }
}
