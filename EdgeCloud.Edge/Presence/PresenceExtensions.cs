using EdgeCloud.ServiceDefaults;

namespace EdgeCloud.Edge.Presence;

internal static class PresenceExtensions
{
    /// <summary>After the outbox, so that it is still there when the edge stops.</summary>
    public static void AddPresence(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PresenceOptions>().BindValidated(PresenceOptions.Section);
        builder.Services.AddSingleton<PresenceMetrics>();
        builder.Services.AddSingleton<People>();
        builder.Services.AddHostedService<PresenceWriter>();
    }
}
