using System.Text.Json;
using EdgeCloud.Edge.Inference;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using OpenCvSharp;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>The camera page before a camera whose picture does not change, unless the test changes it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CameraMotionTests(FakeCamera browser)
{
    private const int Threshold = 6;

    /// <summary>Makes a part of the picture, a face's size, lighter by so much of the way to white.</summary>
    private const string Lighten = """
        window.light = 0;
        {
          const real = CanvasRenderingContext2D.prototype.drawImage;
          CanvasRenderingContext2D.prototype.drawImage = function (source, ...where) {
            real.call(this, source, ...where);
            if (light === 0 || !(source instanceof HTMLVideoElement)) return;
            this.fillStyle = `rgb(255 255 255 / ${light})`;
            this.fillRect(20, 100, 60, 60);
          };
        }
        """;

    [Fact]
    public async Task A_still_picture_is_uploaded_once_and_then_only_named_until_the_models_are_to_look_again()
    {
        await using var camera = await OpenAsync();
        await camera.StartAsync();
        for (var frame = 1; frame <= 6; frame++)
        {
            await camera.ProcessedAsync(frame);
            await camera.HasBoxesAsync();
            if (frame < 6)
                await camera.PassAsync(1000);
        }

        Assert.Equal(2, camera.Posted.Count);
        Assert.Equal(4, camera.Repeated.Count);
        Assert.Equal(
            [.. Enumerable.Range(1, 4).Select(second => $$"""
                {"sequence":1,"event_id":"019b7033-f6d6-7000-8000-0123456789ab","device_id":"edge-1",
                "captured_at":"2026-01-01T12:00:0{{second}}.000Z"}
                """.ReplaceLineEndings(""))],
            camera.Repeated.Select(request => request.PostData));
        Assert.Equal(6, camera.Posted.Concat(camera.Repeated)
            .Select(request => request.Headers["traceparent"]).Distinct().Count());
        await Expect(camera.Page.Locator("#spared")).ToHaveTextAsync("4 frames, 320 kB, 2.6 mJ");
        await Expect(camera.Page.Locator("#sent-total")).ToHaveTextAsync("6 in all");
        await Expect(camera.Page.Locator("#skipped-total")).ToHaveTextAsync("0 in all");
        await camera.StateIsAsync("running");
    }

    [Fact]
    public async Task A_picture_that_changes_is_uploaded()
    {
        await using var camera = await OpenAsync();
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await LightAsync(camera, 0.5);
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);

        Assert.Equal(2, camera.Posted.Count);
        Assert.Empty(camera.Repeated);
    }

    [Fact]
    public async Task What_changes_slowly_adds_up_since_the_models_looked()
    {
        await using var camera = await OpenAsync();
        await camera.Page.Locator("#fps").SelectOptionAsync("10");
        await camera.StartAsync();
        for (var frame = 1; camera.Posted.Count < 2; frame++)
        {
            await camera.ProcessedAsync(frame);

            // From one frame to the next at most three grey levels, in any block.
            await LightAsync(camera, 0.01 * frame);
            await camera.PassAsync(100);
        }

        Assert.InRange(camera.Repeated.Count, 2, 12);
    }

    [Fact]
    public async Task When_the_edge_wants_the_picture_it_gets_it_at_once()
    {
        await using var camera = await OpenAsync();
        camera.AnswerRepeated = route => CameraPage.RefusedAsync(route, 409);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);

        Assert.Equal((2, 1), (camera.Posted.Count, camera.Repeated.Count));
        Assert.Equal(
            camera.Repeated.Single().Headers["traceparent"], camera.Posted.Last().Headers["traceparent"]);
        await camera.StateIsAsync("running");
        await Expect(camera.Page.Locator("#sent-total")).ToHaveTextAsync("2 in all");

        // What it has just looked at is known again.
        camera.AnswerRepeated = route => CameraPage.FoundAsync(route, gate: new Gate(3, IsUnchanged: true));
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(3);
        Assert.Equal((2, 2), (camera.Posted.Count, camera.Repeated.Count));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    public async Task An_edge_that_does_not_know_of_it_is_asked_once(int status)
    {
        await using var camera = await OpenAsync();
        camera.AnswerRepeated = route => CameraPage.RefusedAsync(route, status);
        await camera.StartAsync();
        for (var frame = 1; frame <= 4; frame++)
        {
            await camera.ProcessedAsync(frame);
            await camera.PassAsync(1000);
        }

        await camera.ProcessedAsync(5);
        Assert.Equal((5, 1), (camera.Posted.Count, camera.Repeated.Count));
        await Expect(camera.Page.Locator("#spared")).ToHaveTextAsync("–");
    }

    [Fact]
    public async Task An_edge_without_a_gate_gets_every_picture()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);

        Assert.Equal((2, 0), (camera.Posted.Count, camera.Repeated.Count));
    }

    [Fact]
    public async Task An_edge_that_is_busy_is_tried_again_as_with_any_frame()
    {
        await using var camera = await OpenAsync();
        camera.AnswerRepeated = route => CameraPage.RefusedAsync(route, 429, retryAfterSeconds: 3);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.PassAsync(1000);
        await camera.SaysAsync("Trying again in 3 s.");
        Assert.Equal((1, 1), (camera.Posted.Count, camera.Repeated.Count));
    }

    [Fact]
    public async Task A_frame_that_the_models_did_not_look_at_is_never_what_others_are_compared_with()
    {
        await using var camera = await OpenAsync();
        camera.Answer = route =>
            CameraPage.FoundAsync(route, gate: new Gate(camera.Posted.Count, camera.Posted.Count == 1 ? true : null));
        await camera.StartAsync();
        for (var frame = 1; frame <= 2; frame++)
        {
            await camera.ProcessedAsync(frame);
            await camera.PassAsync(1000);
        }

        await camera.ProcessedAsync(3);
        Assert.Equal(2, camera.Posted.Count);
        Assert.Equal(2, Sequence(camera.Repeated.Single()));
    }

    [Fact]
    public async Task Another_device_id_is_another_device()
    {
        await using var camera = await OpenAsync();
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await camera.Page.Locator("#device-id").FillAsync("another");
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);

        Assert.Equal((2, 0), (camera.Posted.Count, camera.Repeated.Count));
    }

    [Fact]
    public async Task A_real_edge_confirms_what_it_has_looked_at_and_after_its_restart_gets_the_picture()
    {
        await using var first = Edge();
        await using var second = Edge();
        var (client, restarted) = (first.CreateClient(), second.CreateClient());
        await first.ReadyAsync();
        await second.ReadyAsync();
        var edge = client.BaseAddress!;
        var statuses = new List<int>();
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        camera.Answer = camera.AnswerRepeated = async route =>
        {
            var answer = await route.FetchAsync(
                new RouteFetchOptions { Url = new Uri(edge, new Uri(route.Request.Url).AbsolutePath).AbsoluteUri });
            statuses.Add(answer.Status);
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer });
        };
        await camera.StartAsync();
        for (var frame = 1; frame <= 3; frame++)
        {
            await camera.ProcessedAsync(frame);
            await camera.HasBoxesAsync();
            await camera.PassAsync(1000);
        }

        await camera.ProcessedAsync(4);
        Assert.Equal((1, 3), (camera.Posted.Count, camera.Repeated.Count));
        Assert.Equal("""{"sequence":4,"width":640,"height":480}""", JsonDocument.Parse(
            await client.GetStringAsync("/boxes")).RootElement.GetProperty("frame").GetRawText());

        edge = restarted.BaseAddress!;
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(5);
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(6);

        Assert.Equal([200, 200, 200, 200, 409, 200, 200], statuses);
        Assert.Equal((2, 5), (camera.Posted.Count, camera.Repeated.Count));
        Assert.Equal(1, Sequence(camera.Repeated.Last()));
        await camera.HasBoxesAsync();
        await Expect(camera.Page.Locator("#spared")).ToContainTextAsync("4 frames, ");
    }

    /// <summary>
    /// The camera's picture as it is; with a webcam's noise, thrice; and with something in it, here and there. The page
    /// sees them before they are JPEGs, the edge after.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_page_sees_the_same_difference_between_pictures_as_the_edge(bool isFullRange)
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        var pictures = (await camera.Page.EvaluateAsync(Pictures))!.Value.EnumerateArray()
            .Select(picture => (
                Page: picture.GetProperty("grid").EnumerateArray().Select(grey => grey.GetByte()).ToArray(),
                Jpeg: Convert.FromBase64String(picture.GetProperty("image").GetString()!.Split(',')[1]),
                IsSame: picture.GetProperty("isSame").GetBoolean()))
            .ToArray();
        using var files = new ModelFiles(
            Path.Combine(AppContext.BaseDirectory, "models"), NullLogger<ModelFiles>.Instance);
        var model = isFullRange ? DetectorModel.FaceFullRange : DetectorModel.FaceShortRange;
        using var faces = files.Load(model.FileName, 1, session => new Detector(session, model, 0.5f), _ => { })[0];
        var edge = pictures.Select(picture => Grid(faces, picture.Jpeg)).ToArray();

        Assert.All(pictures.Index(), one =>
        {
            var page = LumaGrid.Difference(one.Item.Page, pictures[0].Page);
            var seen = LumaGrid.Difference(edge[one.Index], edge[0]);
            Assert.True(
                (page <= Threshold, seen <= Threshold) == (one.Item.IsSame, one.Item.IsSame),
                $"picture {one.Index}: {page} on the page, {seen} at the edge");

            // Of one picture the two grids differ by what the JPEG makes of it, and the other model's finer samples.
            Assert.InRange(LumaGrid.MeanDifference(one.Item.Page, edge[one.Index]), 0, isFullRange ? 2 : 1);
            if (!isFullRange)
                Assert.InRange(LumaGrid.Difference(one.Item.Page, edge[one.Index]), 0, Threshold / 2);
        });
    }

    /// <summary>Noise of four grey levels (standard deviation), a grey square of 24 pixels.</summary>
    private const string Pictures = """
        () => {
          const { canvas } = EdgeCloud.camera.createCamera(document.getElementById('live'), () => {}).capture();
          const context = canvas.getContext('2d');
          const original = context.getImageData(0, 0, canvas.width, canvas.height);
          let state = 1;
          const random = () => ((state = (state * 48271) % 2147483647) / 2147483647);
          const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
          const taken = (noise, square) => {
            const picture = new ImageData(original.data.slice(), original.width);
            for (let i = 0; i < picture.data.length; i++)
              if (i % 4 !== 3) picture.data[i] = Math.round(picture.data[i] + noise * gauss());
            context.putImageData(picture, 0, 0);
            if (square) {
              const { data } = context.getImageData(square[0] + 12, square[1] + 12, 1, 1);
              context.fillStyle = data[1] > 127 ? 'rgb(60 60 60)' : 'rgb(200 200 200)';
              context.fillRect(...square, 24, 24);
            }
            return {
              grid: [...EdgeCloud.motion.gridOf(canvas)], image: canvas.toDataURL('image/jpeg', 0.8),
              isSame: !square,
            };
          };
          return [
            taken(0), taken(0), taken(4), taken(4), taken(4),
            ...Array.from(
              { length: 6 }, () => taken(4, [Math.floor(random() * 600), Math.floor(random() * 440)])),
          ];
        }
        """;

    private static EdgeApplication Edge() => new("127.0.0.1:1", new Dictionary<string, string?>
    {
        ["Edge:Frames:FrameFile"] = "",
        ["Edge:MotionGate:Enabled"] = "true",
        ["Edge:MotionGate:MaxConfirm"] = "00:10:00",
    });

    private static byte[] Grid(Detector faces, byte[] jpeg)
    {
        using var matrix = Cv2.ImDecode(jpeg, ImreadModes.Color);
        var grid = new byte[LumaGrid.Cells];
        LumaGrid.Fill(faces.Sample(Picture.Of(matrix)).PlanarRgb, faces.InputSize, grid);
        return grid;
    }

    private static int Sequence(IRequest request) =>
        request.PostDataJSON()!.Value.GetProperty("sequence").GetInt32();

    private static Task LightAsync(CameraPage camera, double light) =>
        camera.Page.EvaluateAsync("light => { window.light = light; }", light);

    /// <summary>An edge that looks at each picture and confirms each frame without one.</summary>
    private async Task<CameraPage> OpenAsync()
    {
        var camera = await CameraPage.OpenAsync(browser.Browser, Lighten);
        camera.Answer = route =>
            CameraPage.FoundAsync(route, gate: new Gate(camera.Posted.Count + camera.Repeated.Count));
        camera.AnswerRepeated = route => CameraPage.FoundAsync(route, gate: new Gate(
            camera.Posted.Count + camera.Repeated.Count, IsUnchanged: true, "bytes=80000, joules=0.00065"));
        return camera;
    }
}
