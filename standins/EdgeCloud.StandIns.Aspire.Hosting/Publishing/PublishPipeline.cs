namespace Aspire.Hosting.Publishing;

/// <summary>What an application does instead of running when its operation is publish.</summary>
internal static class PublishPipeline
{
    private const string PublishStep = "publish";

    /// <exception cref="DistributedApplicationException">A step other than publish, or no output path: building, pushing and deploying are left out here.</exception>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (!PublishStep.Equals(configuration["Pipeline:Step"], StringComparison.OrdinalIgnoreCase))
            throw new DistributedApplicationException("Only the step that writes files can be run here: add '--step publish'.");
        if (configuration["Pipeline:OutputPath"] is not { Length: > 0 } output)
            throw new DistributedApplicationException("Publishing needs a directory to write to: add '--output-path <directory>'.");

        var model = services.GetRequiredService<DistributedApplicationModel>();
        var context = services.GetRequiredService<DistributedApplicationExecutionContext>();
        foreach (var environment in model.Resources.SelectMany(resource => resource.Annotations.OfType<PublishingEnvironmentAnnotation>()))
            await environment.WriteAsync(model, context, Path.GetFullPath(output), cancellationToken);
    }
}
