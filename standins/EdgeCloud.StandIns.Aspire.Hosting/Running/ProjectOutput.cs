using System.Reflection;

namespace Aspire.Hosting.Running;

/// <summary>The built assembly of a service's project, which AppHost.targets has noted in the AppHost's assembly.</summary>
internal static class ProjectOutput
{
    private const string KeyPrefix = "EdgeCloud.StandIns.ProjectOutput:";

    public static string Of(IProjectMetadata project)
    {
        var output = project.GetType().Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == KeyPrefix + project.ProjectPath)?.Value
            ?? throw new DistributedApplicationException(
                $"the AppHost does not know what {project.ProjectPath} builds: it was built without standins/AppHost.targets");

        return File.Exists(output) ? output : throw new DistributedApplicationException($"{output} does not exist: build {project.ProjectPath}");
    }
}
