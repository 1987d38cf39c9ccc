using EdgeCloud.AppHost;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.AppHost.Cluster;
using EdgeCloud.AppHost.Dashboard;

try
{
    // What is on this machine is not asked for through a proxy; the services take this over.
    Environment.SetEnvironmentVariable(
        "no_proxy", $"localhost,127.0.0.1,::1,{Environment.GetEnvironmentVariable("no_proxy")
            ?? Environment.GetEnvironmentVariable("NO_PROXY")}");

    var builder = DistributedApplication.CreateBuilder(args);

    // With or without a launch profile, what is reached on this machine only needs no certificate.
    builder.Configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] ??= "true";
    builder.RequireDashboardPorts();
    builder.AddCluster();

    var kafka = builder.AddBroker("kafka");

    var edge = builder.AddProject<Projects.EdgeCloud_Edge>("edge", launchProfileName: null)
        .AsWebService(port: 9001)
        .WithReference(kafka)
        .WaitFor(kafka)
        .WithEdgePages()
        .WithTestPhoto()
        .WithPairPhone()
        .WithPhones()
        .PublishAsEdge();

    var server = builder.AddProject<Projects.EdgeCloud_Server>("server", launchProfileName: null)
        .AsWebService(port: 9002)
        .WithReference(kafka)
        .WaitFor(kafka)
        .WithServerPages()
        .WithDeadLetterReplay(kafka)
        .WithHistory("history")
        .PublishAsServer();

    var prometheus = builder.AddPrometheus("prometheus", edge, server);
    builder.AddGrafana("grafana", prometheus);

    builder.AddSettings(edge, server);
    builder.AddStartUpSummary(edge, server, kafka);

    await using var application = builder.Build();
    await application.RunAsync();
    return 0;
}
catch (SetupException exception)
{
    await Console.Error.WriteLineAsync($"EdgeCloud cannot start: {exception.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    // Asked to stop before it had started.
    return 0;
}
