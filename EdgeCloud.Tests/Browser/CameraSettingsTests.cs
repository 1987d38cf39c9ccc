using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CameraSettingsTests(FakeCamera browser)
{
    [Fact]
    public async Task What_was_chosen_is_chosen_next_time()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        var page = camera.Page;
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        var picked = await page.Locator("#camera-select option").Nth(1).GetAttributeAsync("value");
        await page.Locator("#camera-select").SelectOptionAsync(picked!);
        await page.Locator("#fps").SelectOptionAsync("5");
        await page.Locator("#resolution").SelectOptionAsync("1280x720");
        await page.Locator("#device-id").FillAsync("kitchen");
        await page.Locator("#mirror").UncheckAsync();
        await page.Locator("#scores").UncheckAsync();

        await page.ReloadAsync();

        await Expect(page.Locator("#camera-select")).ToHaveValueAsync(picked!);
        await Expect(page.Locator("#fps")).ToHaveValueAsync("5");
        await Expect(page.Locator("#resolution")).ToHaveValueAsync("1280x720");
        await Expect(page.Locator("#device-id")).ToHaveValueAsync("kitchen");
        await Expect(page.Locator("#mirror")).Not.ToBeCheckedAsync();
        await Expect(page.Locator("#scores")).Not.ToBeCheckedAsync();
        await Expect(page.Locator("#skeleton")).ToBeCheckedAsync();
    }

    /// <summary>Whatever is asked of it.</summary>
    private const string LargeCamera = """
        navigator.mediaDevices.getUserMedia = async () => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 960 });
          const context = canvas.getContext('2d');
          const stream = canvas.captureStream();
          context.fillRect(0, 0, canvas.width, canvas.height);
          return stream;
        };
        """;

    [Fact]
    public async Task No_more_pixels_are_sent_than_the_resolution_says()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.Page.Locator("#resolution").SelectOptionAsync("320x240");
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        Assert.Equal((320, 240), SizeOf(camera.Posted.Single()));
    }

    [Fact]
    public async Task A_camera_that_gives_more_pixels_than_were_asked_for_is_scaled_down_by_the_page()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser, LargeCamera);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        Assert.Equal((640, 480), SizeOf(camera.Posted.Single()));
    }

    [Fact]
    public async Task The_mirror_turns_the_picture_and_not_the_words_on_it()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await Expect(camera.Page.Locator("#live")).ToHaveCSSAsync("transform", "matrix(-1, 0, 0, 1, 0, 0)");
        await Expect(camera.Page.Locator("#overlay")).ToHaveCSSAsync("transform", "none");

        await camera.Page.Locator("#mirror").UncheckAsync();

        await Expect(camera.Page.Locator("#live")).ToHaveCSSAsync("transform", "none");
    }

    private static (int Width, int Height) SizeOf(IRequest frame)
    {
        var jpeg =
            Convert.FromBase64String(frame.PostDataJSON()!.Value.GetProperty("image").GetString()!.Split(',')[1]);
        using var picture = OpenCvSharp.Cv2.ImDecode(jpeg, OpenCvSharp.ImreadModes.Color);
        return (picture.Width, picture.Height);
    }
}
