namespace EdgeCloud.Edge.Motion;

internal static class MotionExtensions
{
    public static void AddMotionGate(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MotionGateOptions>()
            .BindConfiguration(MotionGateOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<MotionGate>();
    }
}
