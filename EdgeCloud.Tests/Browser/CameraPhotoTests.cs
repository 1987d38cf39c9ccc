using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CameraPhotoTests(FakeCamera browser)
{
    private const string Drop = "transfer => document.getElementById('stage').dispatchEvent(new DragEvent('drop', "
        + "{ dataTransfer: transfer, bubbles: true, cancelable: true }))";
    private const string Paste =
        "transfer => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }))";

    [Theory]
    [InlineData("dropped")]
    [InlineData("pasted")]
    public async Task A_photo_that_is_dropped_or_pasted_is_looked_at_once(string way)
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await BringAsync(camera, way == "dropped" ? Drop : Paste, Photo.Astronaut, "image/jpeg");

        await LookedAtOnceAsync(camera);
    }

    [Fact]
    public async Task A_photo_that_is_chosen_with_the_keyboard_is_looked_at_once()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        var chooser = await camera.Page.RunAndWaitForFileChooserAsync(() =>
            camera.Page.Locator("#choose-photo").PressAsync("Enter"));
        await chooser.SetFilesAsync(Photo.AstronautFile);

        await LookedAtOnceAsync(camera);
    }

    [Fact]
    public async Task A_photo_ends_the_camera()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.Page.EvaluateAsync("window.track = document.getElementById('live').srcObject.getTracks()[0]");

        await BringAsync(camera, Drop, Photo.Astronaut, "image/jpeg");

        await camera.StateIsAsync("photo");
        Assert.Equal("ended", await camera.Page.EvaluateAsync<string>("track.readyState"));
    }

    [Fact]
    public async Task A_photo_waits_for_an_edge_that_is_away()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = camera.AwayAsync;
        await BringAsync(camera, Drop, Photo.Astronaut, "image/jpeg");
        await camera.SaysAsync("Trying again in 1 s.");

        camera.Answer = route => CameraPage.FoundAsync(route);
        await camera.PassAsync(1000);

        await camera.StateIsAsync("photo");
    }

    [Fact]
    public async Task A_photo_that_the_edge_refuses_is_not_sent_again()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.RefusedAsync(route, 413);
        await BringAsync(camera, Drop, Photo.Astronaut, "image/jpeg");

        await camera.StateIsAsync("error");
        await camera.SaysAsync("The test says no. (HTTP 413)");
        await camera.PassAsync(60_000);
        Assert.Equal(1, await camera.PostsAsync());
    }

    [Fact]
    public async Task What_is_no_picture_is_said_so()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await BringAsync(camera, Drop, "no picture"u8.ToArray(), "text/plain");

        await camera.StateIsAsync("error");
        await camera.SaysAsync("Choose a JPEG");
        Assert.Equal(0, await camera.PostsAsync());
    }

    private static async Task LookedAtOnceAsync(CameraPage camera)
    {
        await camera.StateIsAsync("photo");
        await camera.SaysAsync("1 person in the photo");
        await camera.HasBoxesAsync();

        // A photo stands still: its boxes stay, and it is neither mirrored nor sent again.
        await camera.PassAsync(60_000);
        Assert.Equal(1, await camera.PostsAsync());
        await Expect(camera.Page.Locator("#overlay")).ToHaveCSSAsync("opacity", "1");
        await Expect(camera.Page.Locator("#frame")).ToHaveCSSAsync("opacity", "1");
        await Expect(camera.Page.Locator("#frame")).ToHaveCSSAsync("transform", "none");
    }

    private static async Task BringAsync(CameraPage camera, string gesture, byte[] file, string type)
    {
        var transfer = await camera.Page.EvaluateHandleAsync(
            """
            ([base64, type]) => {
              const transfer = new DataTransfer();
              const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
              transfer.items.add(new File([bytes], 'photo', { type }));
              return transfer;
            }
            """, new[] { Convert.ToBase64String(file), type });
        await camera.Page.EvaluateAsync(gesture, transfer);
    }
}
