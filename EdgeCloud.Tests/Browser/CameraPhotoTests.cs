using Microsoft.Playwright;
using OpenCvSharp;
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
    public async Task A_photo_is_sent_as_large_as_it_is_to_be_looked_at_closely()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await BringAsync(camera, Drop, Photo.Blank(4000, 3000), "image/jpeg");

        await camera.StateIsAsync("photo");
        Assert.Equal("?detail=high", new Uri(Assert.Single(camera.Posted).Url).Query);
        Assert.Equal((4000, 3000), SizeOf(camera.Posted.Last()));
        await Expect(camera.Page.Locator("#status")).Not.ToContainTextAsync("scaled down");
    }

    [Theory]
    [InlineData("max_pixels", 3_000_000, 2000, 1500)]
    [InlineData("other", 1, 2828, 2121)]
    public async Task A_photo_larger_than_the_edge_accepts_is_made_to_fit_and_the_page_says_so(
        string member, int most, int width, int height)
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => camera.Posted.Count == 1
            ? CameraPage.RefusedAsync(route, 413, members: $",\"{member}\":{most}")
            : CameraPage.FoundAsync(route);
        await BringAsync(camera, Drop, Photo.Blank(4000, 3000), "image/jpeg");

        await camera.StateIsAsync("photo");
        await camera.SaysAsync($"It was scaled down to {width} × {height} pixels");
        Assert.Equal(2, await camera.PostsAsync());
        Assert.Equal((width, height), SizeOf(camera.Posted.Last()));
    }

    [Fact]
    public async Task A_photo_of_too_many_bytes_is_made_to_fit_them()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => Bytes(route.Request) > 60_000
            ? CameraPage.RefusedAsync(route, 413, members: ",\"max_bytes\":60000")
            : CameraPage.FoundAsync(route);
        await BringAsync(camera, Drop, Photo.Blank(4000, 3000), "image/jpeg");

        await camera.StateIsAsync("photo");
        var (first, last) = (Bytes(camera.Posted.First()), Bytes(camera.Posted.Last()));
        Assert.True(first > 60_000 && last is > 30_000 and <= 60_000, $"{first}, then {last} bytes");
    }

    [Fact]
    public async Task A_photo_may_take_longer_than_a_frame_of_the_camera()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        var asked = new TaskCompletionSource<IRoute>();
        camera.Answer = route =>
        {
            asked.SetResult(route);
            return Task.CompletedTask;
        };
        await BringAsync(camera, Drop, Photo.Astronaut, "image/jpeg");
        var request = await asked.Task;
        await camera.SaysAsync("Looking at the photo");

        await camera.PassAsync(50_000);
        await CameraPage.FoundAsync(request);

        await camera.StateIsAsync("photo");
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

    private static int Bytes(IRequest request) => request.PostData!.Length;

    private static (int Width, int Height) SizeOf(IRequest request)
    {
        var image = request.PostDataJSON()!.Value.GetProperty("image").GetString()!.Split(',')[1];
        using var picture = Cv2.ImDecode(Convert.FromBase64String(image), ImreadModes.Color);
        return (picture.Width, picture.Height);
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
