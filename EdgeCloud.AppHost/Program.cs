#pragma warning disable ASPIRECERTIFICATES001 // Experimental: without it, every start warns that no development certificate is trusted.

using EdgeCloud.AppHost;
using EdgeCloud.AppHost.Cluster;
using Microsoft.Extensions.DependencyInjection;

var builder = DistributedApplication.CreateBuilder(args);
var publishing = builder.ExecutionContext.IsPublishMode;
builder.AddCluster();

var kafka = builder.AddBroker("kafka");

var edge = builder.AddProject<Projects.EdgeCloud_Edge>("edge", launchProfileName: null)
    .WithHttpEndpoint(port: 9001, targetPort: publishing ? 9001 : null)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(kafka)
    .WaitFor(kafka)
    .PublishAsEdge();

var server = builder.AddProject<Projects.EdgeCloud_Server>("server", launchProfileName: null)
    .WithHttpEndpoint(port: 9002, targetPort: publishing ? 9002 : null)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(kafka)
    .WaitFor(kafka)
    .PublishAsServer();

var prometheus = builder.AddPrometheus("prometheus", edge, server);
builder.AddGrafana("grafana", prometheus);

if (!publishing)
{
    // When everything stops, the dashboard is the first to be gone, and each service would wait 10 s for it to take the
    // last of its telemetry. At 500 ms everything has ended after 3.3 to 4.4 s, at 1000 ms after 3.5 to 5.3 s.
    foreach (var service in new[] { edge, server })
        service.WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "500").WithoutHttpsCertificate();

    builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<StartUpSummary>(services, edge.Resource, server.Resource, kafka.Resource));
}

await using var application = builder.Build();
await application.RunAsync();
