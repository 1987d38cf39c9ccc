namespace Aspire.Hosting.Running;

/// <summary>Turns a resource of the model into the process that runs it.</summary>
internal sealed class ResourceLauncher(EnvironmentContract contract, ContainerRuntimeCli containers)
{
    public static bool CanLaunch(IResource resource) => resource is ProjectResource or ExecutableResource or ContainerResource;

    public async Task<LaunchPlan> PlanAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var endpoint in resource is IResourceWithEndpoints owner ? owner.GetEndpoints() : [])
        {
            if (EndpointAllocation.WhyNotFree(endpoint.Port) is { } reason)
                throw new DistributedApplicationException($"port {endpoint.Port} of its endpoint '{endpoint.EndpointName}' is not free: {reason}");
        }

        var told = await contract.OfAsync(resource, cancellationToken);
        var arguments = await EnvironmentContract.ArgumentsOfAsync(resource, cancellationToken);
        return resource switch
        {
            ProjectResource project => OfProject(project, arguments, told),
            ExecutableResource executable => OfExecutable(executable, arguments, told),
            ContainerResource container => await containers.PlanAsync(container, arguments, told, cancellationToken),
            _ => throw new InvalidOperationException($"A {resource.GetType().Name} is no process."),
        };
    }

    private static LaunchPlan OfProject(ProjectResource project, string[] arguments, Dictionary<string, string> told)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Single();
        return new(Executables.Dotnet, ["exec", ProjectOutput.Of(metadata), .. arguments], Path.GetDirectoryName(metadata.ProjectPath)!, WithInherited(told));
    }

    private static LaunchPlan OfExecutable(ExecutableResource executable, string[] arguments, Dictionary<string, string> told)
    {
        if (!Directory.Exists(executable.WorkingDirectory))
            throw new DistributedApplicationException($"its working directory {executable.WorkingDirectory} does not exist");

        var command = Executables.Find(executable.Command, executable.WorkingDirectory)
            ?? throw new DistributedApplicationException($"the command '{executable.Command}' does not exist");
        return new(command, arguments, executable.WorkingDirectory, WithInherited(told));
    }

    private static Dictionary<string, string> WithInherited(Dictionary<string, string> told)
    {
        var all = EnvironmentContract.Inherited();
        foreach (var (name, value) in told)
            all[name] = value;

        return all;
    }
}
