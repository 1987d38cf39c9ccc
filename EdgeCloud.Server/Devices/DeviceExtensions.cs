using OpenTelemetry.Metrics;

namespace EdgeCloud.Server.Devices;

internal static class DeviceExtensions
{
    public static void AddDevices(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DeviceOptions>().BindConfiguration(DeviceOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DeviceRegistry>();
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddInstrumentation<DeviceMetrics>());
    }
}
