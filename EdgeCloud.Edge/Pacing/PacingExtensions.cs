using EdgeCloud.Carbon.Pacing;
using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Pacing;

internal static class PacingExtensions
{
    public static void AddPacing(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PacingOptions>().BindValidated(PacingOptions.Section);
        builder.Services.AddOptions<FrameIntervalOptions>().BindValidated(FrameIntervalOptions.Section);
        builder.Services.AddSingleton<FrameIntervals>();
        builder.Services.AddSingleton<FrameCosts>();
        builder.Services.AddSingleton<DevicePacing>();
    }
}
