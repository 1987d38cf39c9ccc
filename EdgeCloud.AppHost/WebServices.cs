// Experimental; without it, every start warns of a missing developer certificate.
#pragma warning disable ASPIRECERTIFICATES001

namespace EdgeCloud.AppHost;

internal static class WebServices
{
    /// <summary>A service over HTTP on a port that stays the same, healthy when its <c>/health</c> says so.</summary>
    /// <exception cref="SetupException">Another process has the port.</exception>
    public static IResourceBuilder<ProjectResource> AsWebService(
        this IResourceBuilder<ProjectResource> service, int port)
    {
        var publishing = service.ApplicationBuilder.ExecutionContext.IsPublishMode;
        service.ApplicationBuilder.RequireFree(port, service.Resource.Name);
        service.WithHttpEndpoint(port: port, targetPort: publishing ? port : null)
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/health");

        // When everything stops, the dashboard is gone first, and a service would try for 10 s to hand it the last
        // telemetry. Without trying again it ends at once; a shorter time-out would lose telemetry on a busy machine.
        return publishing
            ? service
            : service.WithoutHttpsCertificate().WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "");
    }
}
