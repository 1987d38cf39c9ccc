using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CameraPacingTests(FakeCamera browser)
{
    [Fact]
    public async Task Auto_sends_when_the_edge_asks_for_the_next_frame()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.FoundAsync(route, nextFrameMs: camera.Posted.Count == 1 ? 2000 : 500);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await camera.PassAsync(1999);
        Assert.Equal(1, await camera.PostsAsync());
        await camera.PassAsync(1);
        Assert.Equal(2, await camera.PostsAsync());

        await camera.ProcessedAsync(2);
        await camera.PassAsync(500);
        Assert.Equal(3, await camera.PostsAsync());
    }

    [Fact]
    public async Task A_chosen_rate_is_kept_whatever_the_edge_asks_for()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.Page.Locator("#fps").SelectOptionAsync("0.2");
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await camera.PassAsync(4999);
        Assert.Equal(1, await camera.PostsAsync());
        await camera.PassAsync(1);
        Assert.Equal(2, await camera.PostsAsync());
    }

    [Fact]
    public async Task While_a_frame_is_under_way_no_other_is_sent_and_those_that_were_due_count_as_skipped()
    {
        var slow = new TaskCompletionSource();
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = async route =>
        {
            await slow.Task;
            await CameraPage.FoundAsync(route);
        };
        await camera.Page.Locator("#fps").SelectOptionAsync("5");
        await camera.StartAsync();
        await Eventually.HoldsAsync(async () => await camera.PostsAsync() == 1, "the first frame is sent");

        await camera.PassAsync(1100);
        Assert.Equal(1, await camera.PostsAsync());
        slow.SetResult();

        // Due at 200, 400, 600, 800 and 1000 ms; the last of them is late, not lost.
        await Expect(camera.Page.Locator("#skipped-total")).ToHaveTextAsync("4 in all");
        await camera.PassAsync(0);
        await camera.ProcessedAsync(2);
        await camera.PassAsync(99);
        Assert.Equal(2, await camera.PostsAsync());
        await camera.PassAsync(1);
        Assert.Equal(3, await camera.PostsAsync());
    }

    [Fact]
    public async Task A_frame_says_when_it_was_taken_which_is_when_it_was_sent()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);

        Assert.Equal(
            ["2026-01-01T12:00:00.000Z", "2026-01-01T12:00:01.000Z"],
            camera.Posted.Select(frame => frame.PostDataJSON()!.Value.GetProperty("captured_at").GetString()));
    }

    [Fact]
    public async Task Rates_are_those_of_the_last_ten_seconds()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.FoundAsync(route, nextFrameMs: 800);
        await camera.StartAsync();
        for (var frame = 1; frame <= 14; frame++)
        {
            await camera.ProcessedAsync(frame);
            await camera.PassAsync(800);
        }

        // From 1600 to 10400 ms, at the last full second.
        await Expect(camera.Page.Locator("#sent-rate")).ToHaveTextAsync("1.2 /s");
        await Expect(camera.Page.Locator("#processed-rate")).ToHaveTextAsync("1.2 /s");
    }

    [Fact]
    public async Task A_hidden_tab_sends_nothing_until_it_is_seen_again()
    {
        await using var camera = await CameraPage.OpenAsync(
            browser.Browser,
            "window.isHidden = false; Object.defineProperty(document, 'hidden', { get: () => isHidden });");
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await camera.Page.EvaluateAsync("isHidden = true; document.dispatchEvent(new Event('visibilitychange'))");
        await camera.StateIsAsync("paused");
        await camera.PassAsync(60_000);
        Assert.Equal(1, await camera.PostsAsync());

        await camera.Page.EvaluateAsync("isHidden = false; document.dispatchEvent(new Event('visibilitychange'))");
        await camera.ProcessedAsync(2);
        await camera.StateIsAsync("running");
        await Expect(camera.Page.Locator("#skipped-total")).ToHaveTextAsync("0 in all");
    }
}
