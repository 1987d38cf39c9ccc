namespace EdgeCloud.Tests.Edge.Events;

public sealed class OutboxCommitTests
{
    [Theory]
    [InlineData("Relaxed")]
    [InlineData("Full")]
    public async Task Events_that_wait_together_are_committed_together(string durability)
    {
        using var folder = new TemporaryFolder();
        await using var scene = new OutboxScene(
            "127.0.0.1:1", folder.File("outbox.db"), null, ("Edge:Events:Durability", durability));

        var waiting = Enumerable.Range(0, 100).Select(i => scene.StoreAsync($"device-{i}")).ToArray();
        Assert.DoesNotContain(waiting, store => store.IsCompleted);
        await scene.StartAsync();
        await Task.WhenAll(waiting);

        Assert.Equal(100, scene.Count("edgecloud.outbox.events"));
        Assert.Equal(1, scene.Count("edgecloud.outbox.commits"));
    }

    [Fact]
    public async Task An_event_that_finds_too_many_waiting_for_the_disk_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var scene = new OutboxScene("127.0.0.1:1", folder.File("outbox.db"));
        var waiting = Enumerable.Range(0, 1024).Select(_ => scene.StoreAsync("device")).ToArray();

        var (detectionEvent, json) = OutboxScene.Event("device");
        var refused = await scene.Outbox.StoreAsync(detectionEvent, json);

        Assert.Contains(folder.File("outbox.db"), refused.Problem, StringComparison.Ordinal);
        await scene.StartAsync();
        await Task.WhenAll(waiting);
    }
}
