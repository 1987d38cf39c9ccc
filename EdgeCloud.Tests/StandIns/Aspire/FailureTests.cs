using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace EdgeCloud.Tests.StandIns.Aspire;

public sealed class FailureTests
{
    [StandInFact(typeof(DistributedApplication))]
    public async Task A_crashed_resource_is_reported_with_its_exit_code_and_its_last_lines()
    {
        await using var sample = new SampleApplication();
        sample.AddScript("broken", "for i in $(seq 30); do echo line $i; done; echo the reason >&2; exit 3");

        await sample.StartAsync();
        var ended = await sample.Resources.WaitForResourceAsync("broken", update => update.Snapshot.State?.Text == KnownResourceStates.Finished, sample.Limit);

        Assert.Equal(3, ended.Snapshot.ExitCode);
        var report = sample.SaidBy("broken").SkipWhile(line => !line.Contains("exited with code 3")).Skip(1).ToArray();
        Assert.Equal(20, report.Length);
        Assert.Contains(report, line => line.EndsWith("the reason"));
        Assert.Contains(report, line => line.EndsWith("line 30"));
        Assert.DoesNotContain(report, line => line.EndsWith("line 10"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Whoever_waits_for_a_crashed_resource_is_told_why_it_waits_no_longer()
    {
        await using var sample = new SampleApplication();
        var broken = sample.AddScript("broken", "read never; exit 4").WithHealthCheck("never registered");
        sample.AddScript("dependent", "echo up").WaitFor(broken);

        await sample.StartAsync();
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.Resources.WaitForResourceHealthyAsync("broken", sample.Limit));
        await sample.Resources.WaitForResourceAsync("dependent", KnownResourceStates.FailedToStart, sample.Limit);

        Assert.Equal("Stopped waiting for resource 'broken' to become healthy because it exited with code 4.", failure.Message);
        Assert.Contains(sample.SaidBy("dependent"), line => line.Contains("stopped waiting for broken, which exited with code 4"));
        Assert.DoesNotContain("up", sample.SaidBy("dependent"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_taken_port_is_named_together_with_its_resource()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var sample = new SampleApplication("--DcpPublisher:RandomizePorts=false");
        sample.AddScript("late", "echo up").WithHttpEndpoint(port, env: "PORT");

        await sample.StartAsync();
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.Resources.WaitForResourceHealthyAsync("late", sample.Limit));

        Assert.Contains("'late'", failure.Message);
        Assert.Contains($"port {port} of its endpoint 'http' is not free: another process listens there", failure.Message);
        Assert.DoesNotContain("up", sample.SaidBy("late"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_command_that_does_not_exist_is_named()
    {
        await using var sample = new SampleApplication();
        sample.Builder.AddExecutable("typo", "no-such-command", "/tmp");

        await sample.StartAsync();
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.Resources.WaitForResourceHealthyAsync("typo", sample.Limit));

        Assert.Contains("the command 'no-such-command' does not exist", failure.Message);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_parameter_without_a_value_says_where_to_set_it()
    {
        await using var sample = new SampleApplication();
        sample.AddScript("reader", "echo up").WithEnvironment("KEY", sample.Builder.AddParameter("api-key", secret: true));

        await sample.StartAsync();
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.Resources.WaitForResourceHealthyAsync("reader", sample.Limit));

        Assert.Contains("Parameters:api-key", failure.Message);
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task An_application_that_is_to_publish_says_that_it_can_only_be_run()
    {
        await using var sample = new SampleApplication("--operation", "publish");

        Assert.True(sample.Builder.ExecutionContext.IsPublishMode);
        var failure = await Assert.ThrowsAsync<NotSupportedException>(sample.StartAsync);

        Assert.Contains("only run", failure.Message);
    }
}
