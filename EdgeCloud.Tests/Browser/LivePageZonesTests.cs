using System.Collections.Concurrent;
using Microsoft.Playwright;
using static EdgeCloud.Tests.Browser.LivePage;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>Zones and tracks over the live page's newest frame; the zones are each edge's own.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePageZonesTests(FakeCamera chromium) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.ClosePagesAsync();

    [Fact]
    public async Task Zones_of_the_edge_lie_over_the_frame_with_ids_trails_and_counts()
    {
        var live = await OpenAsync(chromium.Browser, zones: new FakeZones().AnswerAsync);
        object[] occupancy = [new { zone = "desk", persons = 1 }];
        object[] crossings = [new { line = "door", direction = "forward", track_id = 3 }];
        await live.SayEventsAsync(0, Event("edge-1", 2, Now, 1, trackIds: [3, 4], zones: new { occupancy, crossings }));
        await live.SayEventsAsync(
            0, Event("edge-1", 2, Now.AddSeconds(1), 2, trackIds: [3, 4], zones: new { occupancy, crossings }));

        await Expect(live.Page.Locator("#newest .label")).ToHaveTextAsync(["#3 · 93 %", "#4 · 93 %"]);
        await Expect(Layer(live).Locator("[data-track='4']")).ToHaveAttributeAsync("data-points", "2");
        await Expect(Layer(live)).ToHaveAccessibleNameAsync(
            "Zone desk: 1 person. Line door: 2 forward, 0 backward.");
        var rectangles = await live.Page.EvaluateAsync<double[][]>(
            "['#newest .frame', '#zones-layer .area'].map(it => document.querySelector(it).getBoundingClientRect())"
            + ".map(it => [it.x, it.y, it.width, it.height])");
        var (frame, area) = (rectangles[0], rectangles[1]);
        Assert.Equal(0.1, (area[0] - frame[0]) / frame[2], tolerance: 0.01);
        Assert.Equal(0.2, (area[1] - frame[1]) / frame[3], tolerance: 0.01);
        Assert.Equal(0.4, area[2] / frame[2], tolerance: 0.01);
    }

    [Fact]
    public async Task While_the_zones_of_a_device_are_changed_the_frame_stays_its()
    {
        var zones = new FakeZones();
        var live = await OpenAsync(chromium.Browser, zones: zones.AnswerAsync);
        await live.SayEventsAsync(0, Event("edge-1", 1, Now, 1));
        await live.Page.Locator("#zones summary").ClickAsync();
        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Move desk" }).ClickAsync();
        await live.Page.Keyboard.PressAsync("ArrowRight");
        await live.SayEventsAsync(0, Event("edge-2", 2, Now.AddSeconds(1), 1));
        await Expect(live.Page.Locator("#feed b").First).ToHaveTextAsync("edge-2");
        await Expect(live.Page.Locator("#newest-title")).ToContainTextAsync("edge-1");

        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(live.Page.Locator(".zones-said")).ToHaveTextAsync("Saved.");
        Assert.Equal(0.11, (double)zones.Put.Single()["zones"]![0]!["points"]![0]![0]!, tolerance: 1e-6);
        Assert.Equal("edge-1", (string)zones.Put.Single()["device_id"]!);

        await live.Page.Locator("#zones summary").ClickAsync();
        await Expect(live.Page.Locator("#newest-title")).ToContainTextAsync("edge-2");
    }

    [Fact]
    public async Task An_edge_that_is_elsewhere_is_asked_there_and_one_that_is_away_is_said_to_be()
    {
        var asked = new ConcurrentQueue<string>();
        var zones = new FakeZones();
        var live = await OpenAsync(chromium.Browser, zones: route => route.AbortAsync("connectionrefused"));
        await live.Page.RouteAsync("http://hall.test:9001/**", route =>
        {
            asked.Enqueue(route.Request.Url);
            return zones.AnswerAsync(route);
        });
        await live.SayEventsAsync(0, Event("hall", 1, Now, 1));
        await Expect(live.Page.Locator(".zones-note")).ToHaveTextAsync("No edge answers at http://live.test:9001.");
        await Expect(live.Page.Locator("#newest")).ToHaveAttributeAsync("data-boxes", "1");
        await Expect(Layer(live).Locator(".shapes > *")).ToHaveCountAsync(0);

        await live.Page.Locator("#zones summary").ClickAsync();
        await live.Page.GetByLabel("Address of its edge").FillAsync("hall.test:9001");
        await live.Page.Keyboard.PressAsync("Enter");
        await Expect(live.Page.Locator(".zones-note")).ToHaveTextAsync("1 zone, 1 line");

        await live.Page.ReloadAsync();
        await live.SayEventsAsync(0, Event("hall", 1, Now, 1));
        await Expect(live.Page.Locator(".zones-note")).ToHaveTextAsync("1 zone, 1 line");
        Assert.All(asked, static url => Assert.Equal("http://hall.test:9001/zones?device_id=hall", url));
    }

    private static ILocator Layer(LivePage live) => live.Page.Locator("#zones-layer");
}
