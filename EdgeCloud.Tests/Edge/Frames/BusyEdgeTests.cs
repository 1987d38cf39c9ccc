using System.Net;
using EdgeCloud.Edge.Inference;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeCloud.Tests.Edge.Frames;

public sealed class BusyEdgeTests
{
    private static readonly Dictionary<string, string?> OneAtATime = new()
    {
        ["Edge:Inference:MaxConcurrency"] = "1",
        ["Edge:Inference:MaxQueuedFrames"] = "0",
        ["Edge:Frames:FrameFile"] = "",
    };

    [Fact]
    public async Task A_frame_that_finds_no_room_is_refused_with_429_and_told_when_to_come_back()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", OneAtATime);
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        HttpResponseMessage busy;
        using (await edge.Services.GetRequiredService<InferencePool>().AcquireAsync(CancellationToken.None))
            busy = await client.PostJpegAsync(Photo.Astronaut);
        var free = await client.PostJpegAsync(Photo.Astronaut);

        Assert.Equal(HttpStatusCode.TooManyRequests, busy.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), busy.Headers.RetryAfter?.Delta);
        Assert.Equal("application/problem+json", busy.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Fact]
    public async Task Before_the_models_are_loaded_frames_are_refused_with_503_and_the_edge_is_alive_but_not_ready()
    {
        await using var loading = new EdgeApplication("127.0.0.1:1", OneAtATime) { NeverLoads = true };
        var client = loading.CreateClient();

        var refused = await client.PostJpegAsync(Photo.Astronaut);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive")).StatusCode);
    }

    [Fact]
    public async Task With_Kafka_away_frames_are_still_looked_at_and_the_edge_stays_ready()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", OneAtATime);
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        Assert.Equal(1, (await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync()).GetProperty("persons_detected").GetInt32());
        await Eventually.HoldsAsync(async () => await client.GetStringAsync("/health") == "Degraded", "the edge says that it is degraded");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
    }
}
