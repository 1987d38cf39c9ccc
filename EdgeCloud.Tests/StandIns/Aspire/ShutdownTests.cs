using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace EdgeCloud.Tests.StandIns.Aspire;

public sealed class ShutdownTests
{
    private const string SaysGoodbye = "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 600 & wait $!; done";

    // What has to end first takes its time, so that asking all at once would be seen.
    private const string SaysGoodbyeSlowly =
        "trap 'for i in $(seq 30000); do :; done; echo bye; exit 0' TERM; echo up; while :; do sleep 600 & wait $!; done";

    [StandInFact(typeof(DistributedApplication))]
    public async Task Disposing_of_the_application_asks_every_process_to_end()
    {
        await using var sample = new SampleApplication();
        sample.AddScript("polite", SaysGoodbye);
        await sample.StartAsync();
        await sample.LineOfAsync("polite", line => line == "up");

        await sample.Application.DisposeAsync();

        Assert.Equal(["up", "bye"], sample.SaidBy("polite").Where(line => line is "up" or "bye"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_resource_ends_before_the_one_that_it_waited_for()
    {
        await using var sample = new SampleApplication();
        var broker = sample.AddScript("broker", SaysGoodbye);
        var edge = sample.AddScript("edge", SaysGoodbyeSlowly).WaitFor(broker);
        sample.AddScript("server", SaysGoodbyeSlowly).WaitFor(edge);
        await sample.StartAsync();
        foreach (var name in (string[])["broker", "edge", "server"])
            await sample.LineOfAsync(name, line => line == "up");

        await sample.Application.StopAsync(sample.Limit);

        Assert.Equal(["server", "edge", "broker"], sample.WhoSaid("bye"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task A_process_that_will_not_end_is_killed_when_patience_is_over()
    {
        await using var sample = new SampleApplication();
        sample.AddScript("stubborn", "trap '' TERM; echo $$; while :; do sleep 600; done");
        await sample.StartAsync();
        var process = await ProcessIdSaidBy(sample, "stubborn");

        await sample.Application.StopAsync(new CancellationToken(canceled: true));

        Assert.False(Processes.IsAlive(process));
        Assert.Contains(sample.SaidBy("stubborn"), line => line.Contains("was killed"));
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task What_a_process_has_started_ends_with_it()
    {
        await using var sample = new SampleApplication();
        sample.AddScript("parent", "sleep 600 & echo $!; wait");
        await sample.StartAsync();
        var grandchild = await ProcessIdSaidBy(sample, "parent");
        Assert.True(Processes.IsAlive(grandchild));

        await sample.Application.StopAsync(sample.Limit);

        await Eventually.HoldsAsync(() => !Processes.IsAlive(grandchild), "the process that the resource had started has ended");
    }

    [StandInFact(typeof(DistributedApplication))]
    public async Task Stopping_while_a_resource_still_waits_does_not_start_it()
    {
        await using var sample = new SampleApplication();
        var first = sample.AddScript("first", "exec sleep 600").WithHealthCheck("never registered");
        sample.AddScript("second", "echo up").WaitFor(first);
        await sample.StartAsync();
        await sample.Resources.WaitForResourceAsync("second", KnownResourceStates.Waiting, sample.Limit);

        await sample.Application.DisposeAsync();

        Assert.DoesNotContain("up", sample.SaidBy("second"));
        Assert.DoesNotContain(sample.SaidBy("second"), line => line.Contains("failed"));
    }

    private static async Task<int> ProcessIdSaidBy(SampleApplication sample, string resource) =>
        int.Parse(await sample.LineOfAsync(resource, line => int.TryParse(line, CultureInfo.InvariantCulture, out _)), CultureInfo.InvariantCulture);
}
