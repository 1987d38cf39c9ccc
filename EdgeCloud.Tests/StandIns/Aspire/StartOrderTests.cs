using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EdgeCloud.Tests.StandIns.Aspire;

public sealed class StartOrderTests
{
    [StandInFact(typeof(DistributedApplication))]
    public async Task A_resource_starts_only_when_what_it_waits_for_is_healthy()
    {
        await using var sample = new SampleApplication();
        var healthy = false;
        bool? healthyAtStart = null;
        sample.Builder.Services.AddHealthChecks()
            .AddCheck("gate", () => Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("shut"));
        var first = sample.AddScript("first", "exec sleep 600").WithHealthCheck("gate");
        var second = sample.AddScript("second", "echo up").WaitFor(first);
        sample.Builder.Eventing.Subscribe<BeforeResourceStartedEvent>(second.Resource, (_, _) =>
        {
            healthyAtStart = Volatile.Read(ref healthy);
            return Task.CompletedTask;
        });

        await sample.StartAsync();
        await sample.Resources.WaitForResourceAsync("second", KnownResourceStates.Waiting, sample.Limit);
        await sample.Resources.WaitForResourceAsync("first", update => update.Snapshot.HealthStatus == HealthStatus.Unhealthy, sample.Limit);
        Volatile.Write(ref healthy, true);
        await sample.Resources.WaitForResourceAsync("second", KnownResourceStates.Finished, sample.Limit);

        Assert.True(healthyAtStart);
        Assert.Contains("up", sample.SaidBy("second"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Waiting_for_a_healthy_resource_waits_for_the_handlers_of_its_ready_event()
    {
        await using var sample = new SampleApplication();
        var handled = false;
        var release = new TaskCompletionSource();
        var resource = sample.AddScript("resource", "exec sleep 600");
        sample.Builder.Eventing.Subscribe<ResourceReadyEvent>(resource.Resource, async (_, _) =>
        {
            await release.Task;
            handled = true;
        });

        await sample.StartAsync();
        var ready = sample.Resources.WaitForResourceHealthyAsync("resource", sample.Limit);
        await sample.Resources.WaitForResourceAsync("resource", update => update.Snapshot.HealthStatus == HealthStatus.Healthy, sample.Limit);
        Assert.False(ready.IsCompleted);
        release.SetResult();
        await ready;

        Assert.True(handled);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_resource_with_an_explicit_start_is_left_alone()
    {
        await using var sample = new SampleApplication();
        sample.AddScript("manual", "echo up").WithExplicitStart();
        sample.AddScript("other", "echo up");

        await sample.StartAsync();
        await sample.Resources.WaitForResourceAsync("other", KnownResourceStates.Finished, sample.Limit);

        Assert.True(sample.Resources.TryGetCurrentState("manual", out var current));
        Assert.Equal(KnownResourceStates.NotStarted, current.Snapshot.State?.Text);
        Assert.Empty(sample.SaidBy("manual"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Waiting_for_a_resource_that_does_not_exist_fails_at_once()
    {
        await using var sample = new SampleApplication();
        await sample.StartAsync();

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.Resources.WaitForResourceHealthyAsync("nobody", sample.Limit));

        Assert.Contains("'nobody'", failure.Message);
    }
}
