using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeCloud.AppHost;

internal static class StartUpSummaryExtensions
{
    /// <summary>When both services are ready, prints the addresses a person needs.</summary>
    public static void AddStartUpSummary(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> edge,
        IResourceBuilder<ProjectResource> server,
        IResourceBuilder<IResourceWithConnectionString> kafka)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<StartUpSummary>(
                services, edge.Resource, server.Resource, kafka.Resource));
        }
    }
}

internal sealed class StartUpSummary(
    ResourceNotificationService notifications,
    DistributedApplicationModel model,
    IConfiguration configuration,
    ProjectResource edge,
    ProjectResource server,
    IResourceWithConnectionString kafka) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await notifications.WaitForResourceHealthyAsync(edge.Name, stoppingToken);
            await notifications.WaitForResourceHealthyAsync(server.Name, stoppingToken);
        }
        catch (DistributedApplicationException exception)
        {
            Console.WriteLine($"EdgeCloud did not come up: {exception.Message}");
            return;
        }

        var camera = edge.GetEndpoint("http").Url;
        var live = server.GetEndpoint("http").Url;
        var broker = await kafka.GetConnectionStringAsync(stoppingToken);
        const string NoRuntime = "neither Docker nor Podman answers";
        var prometheus = AddressOf("prometheus", Prometheus.Port, $"{NoRuntime}, and there is no prometheus on PATH");
        Console.WriteLine(
            $"""

              EdgeCloud is running. Ctrl+C stops it.

                Camera page   {camera}/
                Live data     {live}/      {live}/data
                Dashboard     {DashboardAddress()}
                Metrics       {camera}/metrics   {live}/metrics
                Prometheus    {prometheus}
                Grafana       {AddressOf("grafana", Grafana.Port, NoRuntime)}
                Kafka         {broker}

            """);
        if (Phones.AreWanted(configuration))
            Console.WriteLine(await Phones.InvitationAsync(camera, stoppingToken));
    }

    /// <summary>With the token that lets a browser in, where the dashboard asks for one.</summary>
    private string DashboardAddress()
    {
        if (configuration["ASPNETCORE_URLS"]?.Split(';')[0] is not { Length: > 0 } address
            || model.Resources.All(resource => resource.Name != "aspire-dashboard"))
        {
            return "none: it was switched off";
        }

        return configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{address}/login?t={token}" : address;
    }

    private string AddressOf(string name, int usualPort, string whyNone)
    {
        if (model.Resources.FirstOrDefault(resource => resource.Name == name) is not IResourceWithEndpoints resource)
            return $"none: {whyNone}";

        var endpoint = resource.GetEndpoint("http");
        return endpoint.EndpointAnnotation.Port is null
            ? $"{endpoint.Url}/ ({usualPort} is in use by another process)"
            : $"{endpoint.Url}/";
    }
}
