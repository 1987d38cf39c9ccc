using System.Net;
using EdgeCloud.Edge.Frames;
using EdgeCloud.Edge.Inference.Streams;
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
    public async Task A_frame_whose_turn_does_not_come_in_time_is_refused_with_429()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>(OneAtATime)
        {
            ["Edge:Inference:MaxQueuedFrames"] = "1",
            ["Edge:Inference:MaxWait"] = "00:00:00.150",
        });
        var client = edge.CreateClient();
        await edge.ReadyAsync();

        using (await edge.Services.GetRequiredService<InferencePool>().AcquireAsync(CancellationToken.None))
            Assert.Equal(HttpStatusCode.TooManyRequests, (await client.PostJpegAsync(Photo.Astronaut)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostJpegAsync(Photo.Astronaut)).StatusCode);
    }

    [Fact]
    public async Task It_is_refused_before_its_body_is_there()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", OneAtATime);
        edge.StartServer();
        await edge.ReadyAsync();

        using var turn = await edge.Services.GetRequiredService<InferencePool>().AcquireAsync(CancellationToken.None);
        await using var sender =
            await RawConnection.PostAsync(edge.ClientOptions.BaseAddress, "Content-Length: 1000000");

        Assert.StartsWith("HTTP/1.1 429 ", await sender.ReadAnswerAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_for_which_there_is_no_memory_is_refused_with_429_and_which_limit_that_is()
    {
        await using var edge = new EdgeApplication("127.0.0.1:1", OneAtATime);
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var memory = edge.Services.GetRequiredService<FrameMemory>();

        HttpResponseMessage noneForTheBody;
        HttpResponseMessage noneForThePicture;
        using (var others = memory.Open())
        {
            Assert.True(others.TryTake(memory.FreeBytes - (200 * 1024)));
            noneForThePicture = await client.PostJpegAsync(Photo.Astronaut);
            Assert.True(others.TryTake(memory.FreeBytes));
            noneForTheBody = await client.PostJpegAsync(Photo.Astronaut);
        }

        foreach (var refused in new[] { noneForTheBody, noneForThePicture })
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.Contains("memory", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.PostJpegAsync(Photo.Astronaut)).StatusCode);
        await Eventually.HoldsAsync(
            () => memory.FreeBytes == new FrameOptions().MaxMemoryBytes, "all memory is given back");
    }

    [Fact]
    public async Task A_device_that_sends_too_fast_is_refused_with_429_in_both_forms_and_no_other_is()
    {
        var clock = new FakeTimeProvider();
        await using var edge = new EdgeApplication("127.0.0.1:1", new Dictionary<string, string?>
        {
            ["Edge:Frames:MaxFramesPerSecond"] = "2",
            ["Edge:Frames:FrameFile"] = "",
        })
        {
            Time = clock,
        };
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var json = new { image = Convert.ToBase64String(Photo.Astronaut), device_id = "fast" };

        Assert.Equal(HttpStatusCode.OK, (await client.PostJpegAsync(Photo.Astronaut, "?device_id=fast")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostJsonAsync(json)).StatusCode);

        foreach (var refused in new[]
        {
            await client.PostJpegAsync(Photo.Astronaut, "?device_id=fast"),
            await client.PostJsonAsync(json),
        })
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.Contains(
                "more than 2 frames a second", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await client.PostJpegAsync(Photo.Astronaut, "?device_id=other")).StatusCode);

        // A little more than the half second: GetElapsedTime is good to 13 µs at this clock's time.
        clock.Advance(TimeSpan.FromSeconds(0.5) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await client.PostJsonAsync(json)).StatusCode);
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

        Assert.Equal(1, (await (await client.PostJpegAsync(Photo.Astronaut)).EventAsync())
            .GetProperty("persons_detected").GetInt32());
        await Eventually.HoldsAsync(
            async () => await client.GetStringAsync("/health") == "Degraded", "the edge says that it is degraded");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).StatusCode);
    }
}
