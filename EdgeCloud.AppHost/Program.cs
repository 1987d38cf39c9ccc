using EdgeCloud.AppHost;
using Microsoft.Extensions.DependencyInjection;

var builder = DistributedApplication.CreateBuilder(args);

var kafka = builder.AddBroker("kafka");

var edge = builder.AddProject<Projects.EdgeCloud_Edge>("edge", launchProfileName: null)
    .WithHttpEndpoint(port: 9001)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("MALLOC_ARENA_MAX", "2")
    .WithReference(kafka)
    .WaitFor(kafka);

var server = builder.AddProject<Projects.EdgeCloud_Server>("server", launchProfileName: null)
    .WithHttpEndpoint(port: 9002)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(kafka)
    .WaitFor(kafka);

if (builder.ExecutionContext.IsRunMode)
    builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<StartUpSummary>(services, edge.Resource, server.Resource, kafka.Resource));

builder.Build().Run();
