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
