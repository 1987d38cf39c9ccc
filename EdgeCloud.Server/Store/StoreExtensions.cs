using OpenTelemetry.Metrics;

namespace EdgeCloud.Server.Store;

internal static class StoreExtensions
{
    public static void AddStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DeviceOptions>().BindConfiguration(DeviceOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(static services => SqlEngine.Of(
            services.GetRequiredService<IConfiguration>().GetConnectionString(HistoryOptions.ConnectionName)));
        builder.Services.AddSingleton<StoreMetrics>();
        builder.Services.AddSingleton<EventStore>();
        builder.Services.AddSingleton<DeviceRegistry>();
        builder.Services.AddSingleton<History>();
        builder.Services.AddHostedService<StoreOpening>();
        builder.Services.AddHostedService<Retention>();
        builder.Services.AddHealthChecks().AddCheck<EventStore>("history");
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddInstrumentation<DeviceMetrics>());
    }
}
