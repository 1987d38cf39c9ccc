using System.Net;
using System.Text.Json;
using EdgeCloud.AppHost.Brokers;

namespace EdgeCloud.Tests.Edge.Events;

public sealed class FullDiskTests
{
    [Fact]
    public async Task On_a_full_disk_frames_are_refused_with_the_cause_and_accepted_again_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        var accepted = new List<string>();
        await using (var edge = await EdgeProcess.StartAsync("127.0.0.1:1", folder.File("outbox.db")))
        {
            await edge.LimitFileSizeAsync(64 * 1024);
            HttpResponseMessage answer;
            while ((answer = await PostAsync(edge)).IsSuccessStatusCode)
                accepted.Add(await EventIdAsync(answer));

            // The log of SQLite alone would have taken fifteen pages, one or more for each.
            Assert.InRange(accepted.Count, 30, 200);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
            var detail = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement
                .GetProperty("detail").GetString();
            Assert.Contains(folder.File("outbox.db"), detail, StringComparison.Ordinal);
            Assert.Contains("SQLite Error", detail, StringComparison.Ordinal);
            Assert.Equal("Degraded", await edge.Client.GetStringAsync("/health"));

            await edge.LimitFileSizeAsync(null);
            accepted.Add(await EventIdAsync(await PostAsync(edge)));
        }

        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        await using var next = new OutboxScene(broker.BootstrapServers, folder.File("outbox.db"));
        await next.StartAsync();
        Assert.Equal(accepted, TopicReader.Read(broker.BootstrapServers, accepted.Count).Select(
            message => message.EventId.ToString()));
        await Eventually.HoldsAsync(() => next.Count("edgecloud.outbox.events") == 0, "the outbox is empty");
        Assert.Equal(accepted.Count, next.Count("edgecloud.outbox.sent"));
    }

    private static Task<HttpResponseMessage> PostAsync(EdgeProcess edge) =>
        edge.Client.PostJpegAsync(Photo.Blank(32, 32));

    private static async Task<string> EventIdAsync(HttpResponseMessage answer) =>
        (await answer.EventAsync()).GetProperty("event_id").GetString()!;
}
