using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Kubernetes.Publishing;

/// <summary>The environment of a resource with the addresses that things have inside the cluster.</summary>
internal static class PublishedEnvironment
{
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
            await callback.Callback(context);

        return context.EnvironmentVariables.ToDictionary(variable => variable.Key, variable => Text(variable.Value));
    }

    public static async Task<IReadOnlyList<string>> ArgumentsOfAsync(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var context =
            new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = execution };
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
            await callback.Callback(context);

        return [.. context.Args.Select(Text)];
    }

    /// <exception cref="NotSupportedException">A parameter, whose value would have to be asked for when the chart
    /// is installed.</exception>
    private static string Text(object value) => value switch
    {
        string text => text,
        EndpointReference endpoint => Endpoint(endpoint).Property(EndpointProperty.Url),
        EndpointReferenceExpression expression => Endpoint(expression.Endpoint).Property(expression.Property),
        ConnectionStringReference reference => Text(reference.Resource.ConnectionStringExpression),
        IResourceWithConnectionString source => Text(source.ConnectionStringExpression),
        ReferenceExpression expression =>
            string.Format(CultureInfo.InvariantCulture, expression.Format, [.. expression.ValueProviders.Select(Text)]),
        _ => throw new NotSupportedException($"A value of type {value.GetType().Name} cannot be published here."),
    };

    private static PublishedEndpoint Endpoint(EndpointReference reference) =>
        PublishedEndpoint.Of(reference.Resource).Single(endpoint =>
            string.Equals(endpoint.Name, reference.EndpointName, StringComparison.OrdinalIgnoreCase));
}
