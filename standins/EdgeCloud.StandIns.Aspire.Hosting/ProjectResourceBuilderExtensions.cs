namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    /// <exception cref="NotSupportedException">A launch profile is named: the stand-in reads none.</exception>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        if (launchProfileName is not null)
        {
            throw new NotSupportedException(
                $"The project '{name}' asks for the launch profile '{launchProfileName}', and those are not read here: pass null, state endpoints and environment.");
        }

        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation<IProjectMetadata>(new TProject());
        return builder.ExecutionContext.IsPublishMode ? project.WithEnvironment(AddPublishedDefaults) : project;
    }

    /// <summary>What Aspire sets for each project that it publishes, in its order. While running, EnvironmentContract does this.</summary>
    private static void AddPublishedDefaults(EnvironmentCallbackContext context)
    {
        context.EnvironmentVariables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        var http = ((ProjectResource)context.Resource).GetEndpoints().Where(endpoint => endpoint.IsHttp).ToArray();
        if (http.Length == 0)
            return;

        context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        context.EnvironmentVariables["HTTP_PORTS"] = string.Join(';', http.Select(endpoint => endpoint.TargetPort
            ?? throw new NotSupportedException($"The endpoint '{endpoint.EndpointName}' of '{context.Resource.Name}' needs a target port to be published here.")));
    }
}
