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

    [Fact]
    public async Task No_more_pixels_are_sent_than_the_resolution_says()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.Page.Locator("#resolution").SelectOptionAsync("320x240");
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        var frame = camera.Posted.Single().PostDataJSON()!.Value;
        var jpeg = Convert.FromBase64String(frame.GetProperty("image").GetString()!.Split(',')[1]);
        Assert.Equal((320, 240), SizeOf(jpeg));
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

    private static (int Width, int Height) SizeOf(byte[] jpeg)
    {
        using var picture = OpenCvSharp.Cv2.ImDecode(jpeg, OpenCvSharp.ImreadModes.Color);
        return (picture.Width, picture.Height);
    }
}
