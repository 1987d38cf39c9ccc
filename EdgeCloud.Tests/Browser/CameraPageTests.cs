using EdgeCloud.AppHost.Brokers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(RunningSystemCollection.Name)]
public sealed class CameraPageTests(RunningSystem system, FakeCamera camera) : IAsyncLifetime
{
    /// <summary>Alpha above zero anywhere on the overlay means that something is drawn on it.</summary>
    private const string HasInk = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, "
        + "canvas.height).data.some((value, i) => i % 4 === 3 && value > 0)";

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => camera.ClosePagesAsync();

    [Fact]
    public async Task Start_draws_a_box_on_the_face_and_the_server_counts_it()
    {
        var page = await camera.NewPageAsync();
        await page.GotoAsync(system.Edge.BaseAddress!.ToString());
        await ShowsAFaceAsync(page, "browser-http");

        await Eventually.HoldsAsync(
            async () => (await system.Server.IdsAsync("?device_id=browser-http")).Length > 0,
            "the server has the event");
    }

    [Fact]
    public async Task It_works_from_a_file_too()
    {
        var page = await camera.NewPageAsync();
        await page.GotoAsync(CameraFile);
        await page.Locator("#edge-url").FillAsync(system.Edge.BaseAddress!.ToString());
        await ShowsAFaceAsync(page, "browser-file");
        await Expect(page.Locator("#carbon .headline")).ToContainTextAsync("per ");
    }

    [Fact]
    public async Task A_zone_that_is_drawn_and_saved_says_who_is_in_it_from_a_file_too()
    {
        var page = await camera.NewPageAsync();
        await page.GotoAsync(CameraFile);
        await page.Locator("#edge-url").FillAsync(system.Edge.BaseAddress!.ToString());
        await page.Locator("#device-id").FillAsync("browser-zones");
        await page.Locator("#zones summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New zone" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        // From the middle up to where the face is.
        for (var i = 0; i < 5; i++)
            await page.Keyboard.PressAsync("Shift+ArrowUp");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".zones-said")).ToHaveTextAsync("Saved.");
        await ShowsAFaceAsync(page, "browser-zones");

        await Expect(page.Locator(".zones-counts")).ToHaveTextAsync("1 person now");
        await Expect(page.Locator("#zones-layer .trail")).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("/frame")]
    [InlineData("/frame/unchanged")]
    public async Task A_browser_need_not_ask_before_each_frame_whether_a_page_from_elsewhere_may_post_it(string path)
    {
        using var question = new HttpRequestMessage(HttpMethod.Options, path);
        question.Headers.Add("Origin", "null");
        question.Headers.Add("Access-Control-Request-Method", "POST");
        question.Headers.Add("Access-Control-Request-Headers", "content-type,traceparent");

        using var answer = await system.Edge.SendAsync(question);

        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains(
            "traceparent", answer.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Equal("7200", answer.Headers.GetValues("Access-Control-Max-Age").Single());
    }

    [Fact]
    public async Task Stop_releases_the_camera()
    {
        var page = await camera.NewPageAsync();
        await page.GotoAsync(system.Edge.BaseAddress!.ToString());
        await ShowsAFaceAsync(page, "browser-stop");

        await page.Locator("#stop").ClickAsync();

        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-state", "idle");
        await Expect(page.Locator("body[data-camera=on]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_edge_that_cannot_be_reached_is_said_so_in_words()
    {
        var page = await camera.NewPageAsync();
        await page.GotoAsync(CameraFile);
        await page.Locator("#edge-url").FillAsync("http://127.0.0.1:9");

        await page.Locator("#start").ClickAsync();

        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-state", "waiting");
        await Expect(page.Locator("#status")).ToContainTextAsync("http://127.0.0.1:9");
    }

    [Fact]
    public async Task While_Kafka_is_away_it_says_that_what_it_sent_is_stored_and_will_be_sent()
    {
        using var broker = new EmbeddedBroker(partitions: 6, "edge-data");
        broker.GoAway();
        await using var edge = new EdgeApplication(
            broker.BootstrapServers, new Dictionary<string, string?> { ["Edge:Frames:FrameFile"] = "" });
        var client = edge.CreateClient();
        await edge.ReadyAsync();
        var page = await camera.NewPageAsync();
        await page.GotoAsync(client.BaseAddress!.ToString());
        await ShowsAFaceAsync(page, "browser-away");

        await Expect(page.Locator("#status-detail")).ToContainTextAsync("stored, will be sent");

        broker.ComeBack();
        await Expect(page.Locator("#status-detail")).Not.ToContainTextAsync("stored");
        await Expect(page.Locator("body")).ToHaveAttributeAsync("data-state", "running");
    }

    [Fact]
    public async Task The_live_page_draws_what_arrives()
    {
        var live = await camera.NewPageAsync();
        await live.GotoAsync(system.Server.BaseAddress!.ToString());
        await Expect(live.Locator("body")).ToHaveAttributeAsync("data-connection", "live");
        await Expect(live.Locator("#carbon .headline"))
            .ToContainTextAsync("per hour, estimated · World 480 g/kWh, average of 2023");

        var page = await camera.NewPageAsync();
        await page.GotoAsync(system.Edge.BaseAddress!.ToString());
        await ShowsAFaceAsync(page, "browser-live");

        await live.Locator("#search").FillAsync("browser-live");
        await Expect(live.Locator("#cards [data-device=browser-live]")).ToHaveAttributeAsync("data-status", "online");
        await Expect(live.Locator("#newest")).ToHaveAttributeAsync("data-boxes", "1");
    }

    private static string CameraFile =>
        new Uri(Path.Combine(Repository.Root, "wwwroot-camera", "camera.html")).AbsoluteUri;

    private static async Task ShowsAFaceAsync(IPage page, string deviceId)
    {
        await page.Locator("#device-id").FillAsync(deviceId);
        await page.Locator("#start").ClickAsync();

        var overlay = page.Locator("#overlay");
        await Expect(overlay).ToHaveAttributeAsync("data-boxes", "1");
        Assert.True(await overlay.EvaluateAsync<bool>(HasInk), "nothing is drawn on the overlay");
        await Expect(page.Locator("#persons")).ToHaveTextAsync("1");
    }
}
