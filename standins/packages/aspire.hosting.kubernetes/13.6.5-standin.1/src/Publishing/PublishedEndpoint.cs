using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Kubernetes.Publishing;

/// <summary>
/// Where an endpoint is inside the cluster: a port of the container, and of the Service of its resource.
/// </summary>
internal sealed record PublishedEndpoint(
    string Name, string Scheme, string Protocol, string Host, int TargetPort, int Port)
{
    /// <exception cref="NotSupportedException">A project's endpoint has no target port; Aspire would then let
    /// values.yaml choose one.</exception>
    public static IEnumerable<PublishedEndpoint> Of(IResourceWithEndpoints resource) =>
        resource.GetEndpoints().Select(reference =>
        {
            var endpoint = reference.EndpointAnnotation;
            var target = endpoint.TargetPort ?? (resource is ContainerResource ? endpoint.Port : null)
                ?? throw new NotSupportedException(
                    $"The endpoint '{endpoint.Name}' of '{resource.Name}' needs a target port to be published here.");
            return new PublishedEndpoint(
                endpoint.Name, endpoint.UriScheme, endpoint.Protocol.ToString().ToUpperInvariant(),
                Names.Service(resource), target, endpoint.Port ?? target);
        });

    /// <summary>Others come by the Service and its port.</summary>
    public string Property(EndpointProperty property) => property switch
    {
        EndpointProperty.Url => $"{Scheme}://{Host}:{Text(Port)}",
        EndpointProperty.Host or EndpointProperty.IPV4Host => Host,
        EndpointProperty.HostAndPort => $"{Host}:{Text(Port)}",
        EndpointProperty.Port => Text(Port),
        EndpointProperty.TargetPort => Text(TargetPort),
        EndpointProperty.Scheme => Scheme,
        _ => throw new NotSupportedException($"The endpoint property '{property}' cannot be published here."),
    };

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
