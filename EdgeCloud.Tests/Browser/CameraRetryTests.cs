using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CameraRetryTests(FakeCamera browser)
{
    [Fact]
    public async Task An_edge_that_is_away_is_tried_again_at_growing_intervals_until_it_is_back()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        int[] pauses = [1, 2, 4, 8, 10];
        camera.Answer = route =>
            camera.Posted.Count <= pauses.Length ? camera.AwayAsync(route) : CameraPage.FoundAsync(route);
        await camera.StartAsync();
        await camera.SaysAsync("Edge unreachable, retrying");

        var posts = 1;
        foreach (var seconds in pauses)
        {
            await camera.SaysAsync($"Trying again in {seconds} s.");
            await camera.PassAsync((seconds * 1000) - 1);
            Assert.Equal(posts, await camera.PostsAsync());
            await camera.PassAsync(1);
            Assert.Equal(++posts, await camera.PostsAsync());
        }

        await camera.StateIsAsync("running");
        await camera.HasBoxesAsync();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task An_edge_that_says_when_to_come_again_is_left_alone_until_then(int status)
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.RefusedAsync(route, status, retryAfterSeconds: 7);
        await camera.StartAsync();
        await camera.SaysAsync("Trying again in 7 s.");

        // Another rate is not a reason to hurry.
        await camera.Page.Locator("#fps").SelectOptionAsync("15");
        await camera.PassAsync(6999);
        Assert.Equal(1, await camera.PostsAsync());

        camera.Answer = route => CameraPage.FoundAsync(route);
        await camera.PassAsync(1);
        await camera.StateIsAsync("running");
        Assert.Equal(2, await camera.PostsAsync());
    }

    [Fact]
    public async Task Boxes_fade_when_no_newer_ones_come()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        camera.Answer = camera.AwayAsync;
        var overlay = camera.Page.Locator("#overlay");
        await Expect(overlay).ToHaveCSSAsync("opacity", "1");

        await camera.PassAsync(3000);

        await Expect(overlay).ToHaveCSSAsync("opacity", "0");
    }

    [Fact]
    public async Task A_frame_that_waits_on_the_edge_for_Kafka_is_said_to_be_stored()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route =>
            CameraPage.FoundAsync(route, delivery: camera.Posted.Count == 1 ? "stored" : "sending");
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.SaysAsync("stored, will be sent");
        await Expect(camera.Page.Locator("#stored-badge")).ToBeVisibleAsync();

        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);
        await Expect(camera.Page.Locator("#status")).Not.ToContainTextAsync("stored");
        await Expect(camera.Page.Locator("#stored-badge")).ToBeHiddenAsync();
    }
}
