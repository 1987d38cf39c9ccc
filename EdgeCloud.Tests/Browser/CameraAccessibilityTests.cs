using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CameraAccessibilityTests(FakeCamera browser)
{
    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Nothing_keeps_anybody_out(int width, int height, ColorScheme colours)
    {
        var options = new BrowserNewContextOptions
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
        };
        await using var camera = await CameraPage.OpenAsync(
            browser.Browser, options: options, carbon: route => CarbonAnswer.ReportAsync(route),
            zones: new FakeZones().AnswerAsync);

        // axe works in time slices, so it needs a clock that goes.
        await camera.Page.Clock.ResumeAsync();
        await camera.Page.Locator("#carbon summary").ClickAsync();
        await Axe.FindsNothingAsync(camera.Page);

        await camera.Page.Locator("#zones summary").ClickAsync();
        await camera.Page.GetByRole(AriaRole.Button, new() { Name = "Move desk" }).ClickAsync();
        await Axe.FindsNothingAsync(camera.Page);

        camera.Answer = route => CameraPage.FoundAsync(
            route, delivery: "stored", faces: 2, poseVisibility: 0.9, trackIds: [1, 2]);
        await camera.StartAsync();
        await camera.StateIsAsync("running");
        await camera.HasBoxesAsync(2);
        await Axe.FindsNothingAsync(camera.Page);

        camera.Answer = camera.AwayAsync;
        await camera.StateIsAsync("waiting");
        await Axe.FindsNothingAsync(camera.Page);

        await camera.Page.EvaluateAsync(
            "document.getElementById('live').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))");
        await camera.StateIsAsync("error");
        await Axe.FindsNothingAsync(camera.Page);
        Assert.True(
            await camera.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            "the page is wider than the window");
    }

    [Fact]
    public async Task The_camera_is_started_and_stopped_with_the_keyboard_alone()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.Page.Keyboard.PressAsync("Tab");
        await camera.Page.Keyboard.PressAsync("Tab");
        await camera.Page.Keyboard.PressAsync("Enter");
        await camera.ProcessedAsync(1);

        await Expect(camera.Page.Locator("#stop")).ToBeFocusedAsync();
        await camera.Page.Keyboard.PressAsync("Enter");

        await camera.StateIsAsync("idle");
        await Expect(camera.Page.Locator("#start")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_screen_reader_hears_a_count_once_it_is_steady_and_nothing_of_flicker()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.FoundAsync(route, faces: camera.Posted.Count % 2);
        await camera.Page.EvaluateAsync("window.said = []; new MutationObserver(() => "
            + "said.push(announcer.textContent)).observe(announcer, { childList: true })");
        await camera.StartAsync();
        for (var frame = 1; frame <= 6; frame++)
        {
            await camera.ProcessedAsync(frame);
            await camera.PassAsync(1000);
        }

        await camera.ProcessedAsync(7);
        Assert.Empty(await camera.Page.EvaluateAsync<string[]>("said"));

        camera.Answer = route => CameraPage.FoundAsync(route);
        for (var frame = 8; frame <= 11; frame++)
        {
            await camera.PassAsync(1000);
            await camera.ProcessedAsync(frame);
        }

        Assert.Equal(["1 person in view"], await camera.Page.EvaluateAsync<string[]>("said"));
    }
}
