namespace EdgeCloud.Tests.Server;

public sealed class KilledServerTests
{
    private const int Devices = 12;

    [Fact]
    public async Task A_server_killed_in_the_middle_of_its_work_and_its_successor_count_every_event_once()
    {
        await using var scene = new ServerScene();
        long published = 0;
        using (var first = ServerProcess.StartOn(scene.History, scene.BootstrapServers))
        {
            await first.AnswersAsync();
            while (await first.EventsAsync() < 200)
                await PublishAsync();
            first.Kill();
        }

        await PublishAsync();
        using var second = ServerProcess.StartOn(scene.History, scene.BootstrapServers);
        await second.AnswersAsync();
        await PublishAsync();
        await second.Http.SeesAsync("events", published);
        await second.Http.SeesAsync("duplicates", published);
        await second.Http.SeesAsync("dead_letters", published / Devices);

        // Every event twice, as an edge does that was killed before it knew; and poison between.
        async Task PublishAsync()
        {
            var events = Enumerable.Range(0, Devices)
                .Select(i => Events.Of($"edge-{i}", DateTimeOffset.UtcNow)).ToArray();
            await Task.WhenAll([.. events.Select(scene.PublishAsync),
                .. events.Select(scene.PublishAsync), scene.PublishAsync("not an event"u8.ToArray())]);
            published += Devices;
        }
    }
}
