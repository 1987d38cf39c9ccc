using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Tests.StandIns.Aspire;

public sealed class HttpHealthTests
{
    [StandInFact(typeof(DistributedApplication))]
    public async Task A_resource_is_healthy_when_its_health_page_answers_as_expected()
    {
        await using var sample = new SampleApplication();
        var status = StatusCodes.Status503ServiceUnavailable;
        sample.AddScript("service", "exec sleep 600").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/health");
        await sample.StartAsync();
        await sample.Resources.WaitForResourceAsync("service", KnownResourceStates.Running, sample.Limit);
        await UnhealthyBecause(sample, "does not answer");

        // Played here what the process would serve: no sample service is needed.
        await using var page = WebApplication.CreateSlimBuilder().Build();
        page.Urls.Add(sample.Application.GetEndpoint("service").ToString());
        page.MapGet("/health", () => Results.StatusCode(Volatile.Read(ref status)));
        await page.StartAsync(sample.Limit);
        await UnhealthyBecause(sample, "answers 503, not 200");
        Volatile.Write(ref status, StatusCodes.Status200OK);

        var healthy = await sample.Resources.WaitForResourceHealthyAsync("service", sample.Limit);
        Assert.Equal(HealthStatus.Healthy, healthy.Snapshot.HealthStatus);
    }

    private static Task UnhealthyBecause(SampleApplication sample, string reason) => sample.Resources.WaitForResourceAsync("service",
        update => update.Snapshot.HealthStatus == HealthStatus.Unhealthy
            && update.Snapshot.HealthReports.Any(report => report.Description?.Contains(reason) == true), sample.Limit);
}
