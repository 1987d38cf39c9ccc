using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class CameraOverlayTests(FakeCamera browser)
{
    /// <summary>How much of the overlay is drawn on: the sum of its alpha.</summary>
    private const string Ink = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, "
        + "canvas.height).data.reduce((sum, value, i) => sum + (i % 4 === 3 ? value : 0), 0)";

    [Theory]
    [InlineData("skeleton")]
    [InlineData("keypoints")]
    [InlineData("scores")]
    public async Task Each_part_of_the_drawing_can_be_left_out(string part)
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.FoundAsync(route, poseVisibility: 0.9);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        var all = await InkAsync(camera);

        await camera.Page.Locator($"#{part}").PressAsync("Space");
        Assert.InRange(await InkAsync(camera), 1, all - 1);

        await camera.Page.Locator($"#{part}").PressAsync("Space");
        Assert.Equal(all, await InkAsync(camera));
    }

    [Fact]
    public async Task A_landmark_is_drawn_as_well_as_it_is_visible_and_not_at_all_below_a_half()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        double[] visibilities = [0.49, 0.6, 0.99];
        camera.Answer = route =>
            CameraPage.FoundAsync(route, faces: 0, poseVisibility: visibilities[camera.Posted.Count - 1]);
        await camera.StartAsync();
        var inks = new List<long>();
        for (var frame = 1; frame <= visibilities.Length; frame++)
        {
            await camera.ProcessedAsync(frame);
            inks.Add(await InkAsync(camera));
            await camera.PassAsync(1000);
        }

        Assert.Equal(0, inks[0]);
        Assert.InRange(inks[1], 1, inks[2] - 1);
    }

    [Fact]
    public async Task With_an_edge_that_blurs_faces_the_page_shows_no_face_either()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        var isBlurred = true;
        camera.Answer = route => CameraPage.FoundAsync(route, isBlurred: isBlurred);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await Expect(camera.Page.Locator("#live")).ToHaveCSSAsync("visibility", "hidden");
        await Expect(camera.Page.Locator("#frame")).ToHaveCSSAsync("opacity", "1");
        await Expect(camera.Page.Locator("#blurred")).ToBeVisibleAsync();
        Assert.InRange(await ColoursAsync(), 2, 16);

        isBlurred = false;
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);
        await Expect(camera.Page.Locator("#live")).ToHaveCSSAsync("visibility", "visible");
        await Expect(camera.Page.Locator("#blurred")).ToBeHiddenAsync();
        Assert.InRange(await ColoursAsync(), 100, int.MaxValue);

        // In the box of the face, without its rim.
        Task<int> ColoursAsync() => camera.Page.Locator("#frame").EvaluateAsync<int>("""
            frame => {
              const [x, y] = [0.37 * frame.width, 0.22 * frame.height];
              const { data } = frame.getContext('2d').getImageData(x, y, 0.14 * frame.width, 0.21 * frame.height);
              return new Set(new Uint32Array(data.buffer)).size;
            }
            """);
    }

    [Fact]
    public async Task The_table_says_in_numbers_what_is_drawn()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = route => CameraPage.FoundAsync(route, faces: 2, poseVisibility: 0.9);
        await camera.StartAsync();
        await camera.HasBoxesAsync(2);

        await Expect(camera.Page.Locator("#boxes tr")).ToHaveTextAsync(
        [
            "Face 1" + "93 %" + "35.0 %" + "20.0 %" + "18.0 %" + "25.0 %",
            "Face 2" + "93 %" + "55.0 %" + "20.0 %" + "18.0 %" + "25.0 %",
            "Pose" + "99 %" + "33 of 33 points visible",
        ]);
    }

    [Fact]
    public async Task A_face_that_only_the_full_range_model_found_is_dashed_and_said_to_be()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        string[] models = ["short", "full"];
        camera.Answer = route => CameraPage.FoundAsync(route, models: models[camera.Posted.Count - 1]);
        await camera.StartAsync();
        await camera.Page.Locator("#scores").PressAsync("Space");
        await camera.ProcessedAsync(1);
        await Expect(camera.Page.Locator("#boxes th")).ToHaveTextAsync("Face 1 short range");
        await Expect(camera.Page.Locator("#overlay"))
            .ToHaveAttributeAsync("aria-label", "Analysed frame with one face: 93 % by short range");
        var solid = await InkAsync(camera);

        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);
        await Expect(camera.Page.Locator("#boxes th")).ToHaveTextAsync("Face 1 full range");
        await Expect(camera.Page.Locator("#overlay"))
            .ToHaveAttributeAsync("aria-label", "Analysed frame with one face: 93 % by full range");
        Assert.InRange(await InkAsync(camera), 1, solid * 9 / 10);
    }

    [Fact]
    public async Task The_analysed_frame_can_be_seen_instead_of_the_live_picture()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await Expect(camera.Page.Locator("#frame")).ToHaveCSSAsync("opacity", "0");

        await camera.Page.Locator("#analysed").CheckAsync();

        await Expect(camera.Page.Locator("#frame")).ToHaveCSSAsync("opacity", "1");
    }

    private static Task<long> InkAsync(CameraPage camera) => camera.Page.Locator("#overlay").EvaluateAsync<long>(Ink);
}
