using System.Data.Common;
using EdgeCloud.ServiceDefaults;
using EdgeCloud.Sql;
using Npgsql;
using OpenTelemetry.Metrics;

namespace EdgeCloud.Server.Store;

internal static class StoreExtensions
{
    public static void AddStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DeviceOptions>().BindValidated(DeviceOptions.Section);
        builder.Services.AddOptions<HistoryOptions>().BindValidated(HistoryOptions.Section);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddNpgsqlDataSource(
            SqlEngine.ConnectionName,
            static settings =>
            {
                // The store has a check of its own, and looks for what others have written five times a second: each
                // would be a trace.
                settings.DisableHealthChecks = true;
                settings.DisableTracing = true;
            },
            static source => source.Name = SqlEngine.ConnectionName);
        builder.Services.AddSingleton(static services => SqlEngine.Of(
            services.GetRequiredService<IConfiguration>().GetConnectionString(SqlEngine.ConnectionName),
            services.GetRequiredService<NpgsqlDataSource>));
        builder.Services.AddSingleton<StoreMetrics>();
        builder.Services.AddSingleton<StoreGauges>();
        builder.Services.AddSingleton<EventStore>();
        builder.Services.AddSingleton<DeviceRegistry>();
        builder.Services.AddSingleton<History>();
        builder.Services.AddSingleton<Visits>();
        builder.Services.AddHostedService<Retention>();
        builder.Services.AddHealthChecks().AddCheck<EventStore>("history");
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddInstrumentation<DeviceMetrics>());
    }

    /// <summary>Opens the store before anything starts; one that is away is opened by whoever needs it next.</summary>
    /// <exception cref="StoreException">It cannot be used as it is set up.</exception>
    public static void OpenStore(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<EventStore>().Open();
        }
        catch (DbException)
        {
            // The store has said so.
        }
    }
}
