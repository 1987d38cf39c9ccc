using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace EdgeCloud.Tests.AppHost;

/// <summary>The AppHost's resources as they are before anything starts.</summary>
internal static class Topology
{
    public static Task<IDistributedApplicationTestingBuilder> OfAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(arguments);

    public static IResource Named(this IDistributedApplicationTestingBuilder builder, string name) =>
        builder.Resources.Single(resource => resource.Name == name);

    /// <summary>A resource's environment, addresses as references: only a running application has them.</summary>
    public static async Task<Dictionary<string, string>> EnvironmentAsync(
        this IDistributedApplicationTestingBuilder builder, IResource resource)
    {
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);

        var environment = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            environment[name] = value switch
            {
                ParameterResource parameter => await parameter.GetValueAsync(CancellationToken.None) ?? "",
                IManifestExpressionProvider reference => reference.ValueExpression,
                _ => $"{value}",
            };
        }

        return environment;
    }
}
