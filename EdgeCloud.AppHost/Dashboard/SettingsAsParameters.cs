using Microsoft.Extensions.Configuration;

namespace EdgeCloud.AppHost.Dashboard;

/// <summary>
/// The settings that a person tries out, as parameters. A value comes from <c>Parameters:{name}</c>, else from the
/// setting's own key, else it is the service's default.
/// </summary>
internal static class SettingsAsParameters
{
    public static void AddSettings(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> edge,
        IResourceBuilder<ProjectResource> server)
    {
        if (builder.ExecutionContext.IsPublishMode)
            return;

        builder.AddSetting(
            "pose-model", "Edge:Inference:Pose", "Lite", "Off, Lite, Full or Heavy: the pose landmark model.", edge);
        builder.AddSetting(
            "face-range", "Edge:Inference:FaceRange", "Both",
            "Short (about 2 m), Full (about 5 m) or Both: the face models.", edge);
        builder.AddSetting(
            "carbon-location", "Carbon:Location", "",
            "The country whose electricity is counted, two letters of ISO 3166-1; empty is the world.", edge, server);
        foreach (var source in builder.Configuration.GetSection("Edge:Sources").GetChildren())
            builder.AddSource(source, edge);
    }

    /// <summary>Its address may contain a password, so the dashboard masks it.</summary>
    private static void AddSource(
        this IDistributedApplicationBuilder builder, IConfigurationSection source,
        IResourceBuilder<ProjectResource> edge)
    {
        foreach (var setting in source.GetChildren())
        {
            var parameter = builder.AddParameter(
                $"source-{source.Key}-{setting.Key.ToLowerInvariant()}", () => setting.Value ?? "",
                secret: setting.Key.Equals("Url", StringComparison.OrdinalIgnoreCase));
            edge.WithEnvironment($"Edge__Sources__{source.Key}__{setting.Key}", parameter);
        }
    }

    private static void AddSetting(
        this IDistributedApplicationBuilder builder,
        string name,
        string key,
        string defaultValue,
        string description,
        params ReadOnlySpan<IResourceBuilder<ProjectResource>> services)
    {
        var configuration = builder.Configuration;
        var parameter =
            builder.AddParameter(name, () => configuration[$"Parameters:{name}"] ?? configuration[key] ?? defaultValue)
                .WithDescription(description);
        foreach (var service in services)
            service.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), parameter);
    }
}
