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

        return builder.AddResource(new ProjectResource(name)).WithAnnotation<IProjectMetadata>(new TProject());
    }
}
