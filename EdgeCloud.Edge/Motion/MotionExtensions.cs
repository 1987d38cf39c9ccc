using EdgeCloud.ServiceDefaults;
namespace EdgeCloud.Edge.Motion;

internal static class MotionExtensions
{
    public static void AddMotionGate(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MotionGateOptions>().BindValidated(MotionGateOptions.Section);
        builder.Services.AddSingleton<MotionGate>();
    }
}
