using Microsoft.Extensions.Hosting;

namespace EdgeCloud.AppHost;

/// <summary>When both services are ready, prints the addresses a person needs.</summary>
internal sealed class StartUpSummary(
    ResourceNotificationService notifications,
    DistributedApplicationModel model,
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
        Console.WriteLine(
            $"""

              EdgeCloud is running. Ctrl+C stops it.

                Camera page   {camera}/
                Live data     {live}/      {live}/data
                Metrics       {camera}/metrics   {live}/metrics
                Prometheus    {AddressOf("prometheus", Monitoring.PrometheusPort, "neither Docker nor Podman answers, and there is no prometheus on PATH")}
                Grafana       {AddressOf("grafana", Monitoring.GrafanaPort, "neither Docker nor Podman answers")}
                Kafka         {broker}

            """);
    }

    private string AddressOf(string name, int usualPort, string whyNone)
    {
        if (model.Resources.OfType<IResourceWithEndpoints>().FirstOrDefault(resource => resource.Name == name)?.GetEndpoint("http") is not { } endpoint)
            return $"none: {whyNone}";

        return endpoint.EndpointAnnotation.Port is null ? $"{endpoint.Url}/ ({usualPort} is in use by another process)" : $"{endpoint.Url}/";
    }
}
