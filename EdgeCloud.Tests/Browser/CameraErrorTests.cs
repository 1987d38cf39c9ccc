using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CameraErrorTests(FakeCamera browser)
{
    [Theory]
    [InlineData("NotFoundError", "No camera found", "Connect a camera")]
    [InlineData("NotReadableError", "The camera is in use", "Close that program")]
    [InlineData("OverconstrainedError", "That camera is not available", "choose another one")]
    public async Task What_keeps_the_camera_away_is_said_with_what_to_do(string error, string title, string nextStep)
    {
        await using var camera = await CameraPage.OpenAsync(
            browser.Browser,
            $"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('No.', '{error}'); }};");
        await camera.StartAsync();

        await camera.StateIsAsync("error");
        await camera.SaysAsync(title);
        await camera.SaysAsync(nextStep);
        await Expect(camera.Page.Locator("#announcer")).ToContainTextAsync(title);
        await Expect(camera.Page.Locator("#start")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_camera_that_is_denied_can_be_allowed_beside_the_address()
    {
        await using var denying = await browser.LaunchDenyingAsync();
        await using var camera = await CameraPage.OpenAsync(denying);
        await camera.StartAsync();

        await camera.SaysAsync("The camera is blocked");
        await camera.SaysAsync("beside the address");
    }

    [Fact]
    public async Task A_page_from_an_insecure_origin_says_where_a_camera_works_and_takes_photos()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser, origin: "http://edge.example");
        await camera.StartAsync();
        await camera.SaysAsync("The browser offers no camera here");
        await camera.SaysAsync("http://localhost:9001/");

        await camera.Page.Locator("#photo-file").SetInputFilesAsync(Photo.AstronautFile);

        await camera.StateIsAsync("photo");
    }

    [Fact]
    public async Task A_camera_that_is_unplugged_ends_the_sending()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await camera.Page.EvaluateAsync(
            "document.getElementById('live').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))");

        await camera.StateIsAsync("error");
        await camera.SaysAsync("The camera was disconnected");
        await camera.HasBoxesAsync(0);
        await camera.PassAsync(60_000);
        Assert.Equal(1, await camera.PostsAsync());
    }
}
