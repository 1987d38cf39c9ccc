using EdgeCloud.Carbon.Pacing;

namespace EdgeCloud.Edge.Pacing;

internal static class PacingExtensions
{
    public static void AddPacing(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PacingOptions>()
            .BindConfiguration(PacingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<FrameIntervalOptions>()
            .BindConfiguration(FrameIntervalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<FrameCosts>();
        builder.Services.AddSingleton<DevicePacing>();
    }
}
