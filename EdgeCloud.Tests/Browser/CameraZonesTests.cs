using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>Zones and lines drawn and changed on the camera page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CameraZonesTests(FakeCamera browser)
{
    [Fact]
    public async Task With_the_mouse_a_zone_is_drawn_as_it_is_seen_and_kept_as_it_is_in_the_frame()
    {
        var zones = FakeZones.Empty();
        await using var camera = await OpenAsync(zones);
        await AddAsync(camera, "New zone");
        foreach (var (x, y) in ((double, double)[])[(0.2, 0.2), (0.4, 0.2), (0.4, 0.6), (0.2, 0.6)])
            await PressAsync(camera, x, y);
        await camera.Page.Keyboard.PressAsync("Escape");
        await PressAsync(camera, 0.3, 0.7);
        await PressAsync(camera, 0.2, 0.2);
        await NameAsync(camera, 0, "desk");

        await DragAsync(camera, (0.4, 0.2), (0.5, 0.1));
        await SaveAsync(camera);

        // The picture is mirrored.
        var put = zones.Put.Single();
        Assert.Equal(("v1", "edge-1"), ((string)put["version"]!, (string)put["device_id"]!));
        Assert.Equal("desk", (string)put["zones"]![0]!["name"]!);
        Assert.Equal([0.8, 0.2, 0.5, 0.1, 0.6, 0.6, 0.7, 0.7], Points(put["zones"]![0]!["points"]!));
    }

    [Fact]
    public async Task With_a_finger_a_zone_is_closed_by_a_double_tap_and_gets_a_corner_and_a_line_has_two_ends()
    {
        var zones = FakeZones.Empty();
        await using var camera = await OpenAsync(zones, new() { HasTouch = true, IsMobile = true });
        var layer = Layer(camera);
        await Expect(layer).ToHaveCSSAsync("touch-action", "none");
        await AddAsync(camera, "New zone");
        foreach (var (x, y) in ((double, double)[])[(0.9, 0.2), (0.6, 0.2), (0.6, 0.6), (0.6, 0.6)])
            await TapAsync(camera, x, y);
        await SwipeAsync(camera, (0.6, 0.4), (0.5, 0.4));
        await AddAsync(camera, "New line");
        await TapAsync(camera, 0.5, 0.1);
        await TapAsync(camera, 0.5, 0.9);
        await SaveAsync(camera);

        var put = zones.Put.Single();
        Assert.Equal([0.1, 0.2, 0.4, 0.2, 0.5, 0.4, 0.4, 0.6], Points(put["zones"]![0]!["points"]!));
        Assert.Equal([0.5, 0.1, 0.5, 0.9], Points(new JsonArray(
            put["lines"]![0]!["from"]!.DeepClone(), put["lines"]![0]!["to"]!.DeepClone())));
        await camera.Page.Locator("#zones summary").TapAsync();
        await Expect(layer).ToHaveCSSAsync("touch-action", "auto");
    }

    [Fact]
    public async Task With_the_keyboard_alone_a_square_in_the_middle_is_moved_and_shaped()
    {
        var zones = FakeZones.Empty();
        await using var camera = await OpenAsync(zones);
        var keyboard = camera.Page.Keyboard;
        await camera.Page.GetByRole(AriaRole.Button, new() { Name = "New zone" }).FocusAsync();
        await keyboard.PressAsync("Enter");

        var all = camera.Page.GetByRole(AriaRole.Button, new() { Name = "All of zone 1" });
        await Expect(all).ToBeFocusedAsync();
        await keyboard.PressAsync("Shift+ArrowRight");
        await keyboard.PressAsync("ArrowDown");
        await Expect(all).ToHaveAccessibleNameAsync("All of zone 1, 55 % from the left, 51 % from the top");
        await Expect(camera.Page.Locator("#announcer")).ToHaveTextAsync("55 % from the left, 51 % from the top");

        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Delete");
        await Expect(camera.Page.Locator("#zones-layer .handle")).ToHaveCountAsync(4);
        await keyboard.PressAsync("Delete");
        await Expect(camera.Page.Locator("#announcer")).ToHaveTextAsync("A zone has at least three corners.");
        await keyboard.PressAsync("ArrowUp");
        await keyboard.PressAsync("Escape");
        await keyboard.PressAsync("Escape");
        await Expect(camera.Page.GetByRole(AriaRole.Button, new() { Name = "Move zone 1" })).ToBeFocusedAsync();
        await camera.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(camera.Page.Locator(".zones-said")).ToHaveTextAsync("Saved.");

        Assert.Equal([0.6, 0.36, 0.6, 0.66, 0.3, 0.66], Points(zones.Put.Single()["zones"]![0]!["points"]!));
    }

    [Fact]
    public async Task When_somebody_else_has_changed_them_that_is_said_and_theirs_are_loaded_on_demand_only()
    {
        var zones = new FakeZones();
        await using var camera = await OpenAsync(zones);
        await NameAsync(camera, 0, "mine");
        zones.Change("theirs");
        await SaveAsync(camera, "Not saved: somebody else has changed the zones meanwhile.");
        await Expect(camera.Page.Locator(".zones-name").First).ToHaveValueAsync("mine");

        await LoadThose(camera).ClickAsync();
        await Expect(camera.Page.Locator(".zones-name").First).ToHaveValueAsync("theirs");
        await NameAsync(camera, 0, "ours");
        await SaveAsync(camera);
        Assert.Equal("v2", (string)zones.Put.Last()["version"]!);
    }

    [Theory]
    [InlineData(400, "The zone mine crosses itself.")]
    [InlineData(409, "The zones come from a file that this edge cannot write.")]
    public async Task Why_the_edge_does_not_save_is_said_and_nothing_is_lost(int status, string detail)
    {
        var zones = new FakeZones { Refuse = route => FakeZones.RefusedAsync(route, status, detail) };
        await using var camera = await OpenAsync(zones);
        await NameAsync(camera, 0, "mine");
        await SaveAsync(camera, $"Not saved. {detail}");
        await Expect(LoadThose(camera)).ToBeHiddenAsync();

        zones.Refuse = null;
        await SaveAsync(camera);
        var put = zones.Put.Last();
        Assert.Equal("mine", (string)put["zones"]![0]!["name"]!);
        Assert.Equal(0.3, (double)put["lines"]![0]!["hysteresis"]!);
    }

    [Fact]
    public async Task Ids_trails_persons_and_crossings_are_shown_and_gone_with_who_has_gone()
    {
        await using var camera = await OpenAsync(new FakeZones());
        (int[] Ids, object[] Crossings)[] frames =
        [
            ([7], [new { line = "door", direction = "forward", track_id = 7 }]),
            ([7, 9], [new { line = "door", direction = "backward", track_id = 9 }]),
            ([9], [new { line = "door", direction = "backward", track_id = 9 }]),
        ];
        camera.Answer = route =>
        {
            var (ids, crossings) = frames[camera.Posted.Count - 1];
            object[] occupancy = [new { zone = "desk", persons = ids.Length }];
            return CameraPage.FoundAsync(
                route, faces: ids.Length, trackIds: ids, zones: new { occupancy, crossings });
        };
        await camera.StartAsync();
        await camera.ProcessedAsync(1);
        await Expect(camera.Page.Locator("#overlay"))
            .ToHaveAccessibleNameAsync("Analysed frame with one face: #7 93 %");
        await camera.PassAsync(1000);
        await camera.ProcessedAsync(2);
        await Expect(Layer(camera).Locator("[data-track='7']")).ToHaveAttributeAsync("data-points", "2");
        await Expect(Layer(camera).Locator("[data-over] .name")).ToHaveTextAsync("desk · 2 of 1");
        await Expect(camera.Page.Locator(".zones-counts")).ToHaveTextAsync(
            ["2 persons now", "1 forward, 1 backward"]);

        await camera.PassAsync(1000);
        await camera.ProcessedAsync(3);
        await Expect(Layer(camera).Locator("[data-track]")).ToHaveCountAsync(1);
        await Expect(Layer(camera).Locator("[data-track='9']")).ToHaveAttributeAsync("data-points", "2");
        await camera.Page.Locator("#zones summary").ClickAsync();
        await Expect(Layer(camera)).ToHaveAccessibleNameAsync(
            "Zone desk: 1 person. Line door: 1 forward, 2 backward.");
    }

    [Fact]
    public async Task They_are_asked_for_again_every_half_minute_and_when_the_device_is_another()
    {
        var zones = new FakeZones();
        await using var camera = await CameraPage.OpenAsync(browser.Browser, zones: zones.AnswerAsync);
        var names = Layer(camera).Locator(".zone .name");
        await Expect(names).ToHaveTextAsync("desk");

        zones.Change("table");
        await camera.PassAsync(35_000);
        await Expect(names).ToHaveTextAsync("table");

        var asked = camera.Page.WaitForRequestAsync("**/zones?device_id=hall");
        await camera.Page.Locator("#device-id").FillAsync("hall");
        await camera.Page.Locator("#device-id").PressAsync("Enter");
        await camera.PassAsync(1000);
        await asked;
    }

    [Fact]
    public async Task Of_an_edge_without_zones_nothing_is_shown()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser);
        await camera.StartAsync();
        await camera.ProcessedAsync(1);

        await Expect(camera.Page.Locator("#zones")).ToBeHiddenAsync();
        await Expect(Layer(camera).Locator(".shapes > *, .handles > *")).ToHaveCountAsync(0);
    }

    private async Task<CameraPage> OpenAsync(FakeZones zones, BrowserNewContextOptions? options = null)
    {
        var camera = await CameraPage.OpenAsync(browser.Browser, options: options, zones: zones.AnswerAsync);
        await camera.Page.Locator("#zones summary").ClickAsync();
        await Expect(Layer(camera)).ToHaveAttributeAsync("data-editing", "");
        return camera;
    }

    private static ILocator Layer(CameraPage camera) => camera.Page.Locator("#zones-layer");

    private static ILocator LoadThose(CameraPage camera) =>
        camera.Page.Locator("#zones button", new() { HasText = "Load those" });

    private static async Task AddAsync(CameraPage camera, string what)
    {
        await camera.Page.GetByRole(AriaRole.Button, new() { Name = what }).ClickAsync();
        await Expect(Layer(camera)).ToHaveAttributeAsync("data-drawing", "");
    }

    private static Task NameAsync(CameraPage camera, int index, string name) =>
        camera.Page.Locator(".zones-name").Nth(index).FillAsync(name);

    private static async Task SaveAsync(CameraPage camera, string said = "Saved.")
    {
        await camera.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(camera.Page.Locator(".zones-said")).ToContainTextAsync(said);
    }

    private static async Task<(float X, float Y)> OnScreenAsync(CameraPage camera, double x, double y)
    {
        await Layer(camera).ScrollIntoViewIfNeededAsync();
        var box = (await Layer(camera).BoundingBoxAsync())!;
        return ((float)(box.X + (x * box.Width)), (float)(box.Y + (y * box.Height)));
    }

    private static async Task PressAsync(CameraPage camera, double x, double y)
    {
        var at = await OnScreenAsync(camera, x, y);
        await camera.Page.Mouse.ClickAsync(at.X, at.Y);
    }

    private static async Task TapAsync(CameraPage camera, double x, double y)
    {
        var at = await OnScreenAsync(camera, x, y);
        await camera.Page.Touchscreen.TapAsync(at.X, at.Y);
    }

    private static async Task DragAsync(CameraPage camera, (double X, double Y) from, (double X, double Y) to)
    {
        var (start, end) = (await OnScreenAsync(camera, from.X, from.Y), await OnScreenAsync(camera, to.X, to.Y));
        await camera.Page.Mouse.MoveAsync(start.X, start.Y);
        await camera.Page.Mouse.DownAsync();
        await camera.Page.Mouse.MoveAsync(end.X, end.Y);
        await camera.Page.Mouse.UpAsync();
    }

    private static async Task SwipeAsync(CameraPage camera, (double X, double Y) from, (double X, double Y) to)
    {
        var (start, end) = (await OnScreenAsync(camera, from.X, from.Y), await OnScreenAsync(camera, to.X, to.Y));
        var session = await camera.Page.Context.NewCDPSessionAsync(camera.Page);
        await TouchAsync("touchStart", new { x = start.X, y = start.Y });
        await TouchAsync("touchMove", new { x = end.X, y = end.Y });
        await TouchAsync("touchEnd");

        Task TouchAsync(string type, params object[] touchPoints) => session.SendAsync(
            "Input.dispatchTouchEvent", new() { ["type"] = type, ["touchPoints"] = touchPoints });
    }

    /// <summary>To a hundredth of the frame: a press is on a whole pixel.</summary>
    private static double[] Points(JsonNode points) =>
        [.. points.AsArray().SelectMany(static point => point!.AsArray())
            .Select(static value => Math.Round((double)value!, 2))];
}
