using EdgeCloud.Carbon.Pacing;

namespace EdgeCloud.Edge.Carbon;

internal static class PacingExtensions
{
    public static void AddPacing(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PacingOptions>().BindConfiguration(PacingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DevicePacing>();
    }
}
