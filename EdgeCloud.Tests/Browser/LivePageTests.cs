using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static EdgeCloud.Tests.Browser.LivePage;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>What the live page makes of what the server says.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePageTests(FakeCamera chromium) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.ClosePagesAsync();

    [Fact]
    public async Task It_says_in_words_what_the_server_is_doing()
    {
        var live = await OpenAsync(chromium.Browser);
        var (status, detail) = (live.Page.Locator("#status"), live.Page.Locator("#status-detail"));
        await Expect(status).ToHaveTextAsync("Connecting");

        await live.SayStatusAsync([], new() { ["caught_up"] = false });
        await Expect(status).ToHaveTextAsync("The server waits for Kafka");

        await live.SayStatusAsync([], new()
        {
            ["caught_up"] = false,
            ["replay"] = new { position = 2500, total = 10_000, messages_per_second = 5000, seconds_left = 1.5 },
        });
        await Expect(status).ToHaveTextAsync("The server reads what Kafka kept");
        await Expect(detail).ToHaveTextAsync("2,500 of 10,000 messages, 5,000 a second, about 1.5 s to go.");
        Assert.Equal(0.25, await live.Page.Locator("#replay").EvaluateAsync<double>("bar => bar.value"));
        await Expect(live.Page.Locator("#empty")).ToBeHiddenAsync();

        await live.SayStatusAsync([]);
        await Expect(status).ToHaveTextAsync("Live");
        await Expect(live.Page.Locator("#empty")).ToContainTextAsync("Nothing has arrived yet");
        await Expect(live.Page.Locator("#cards-empty")).ToBeVisibleAsync();

        await live.LoseConnectionAsync();
        await Expect(status).ToHaveTextAsync("Connection lost");
        await Expect(live.Page.Locator("#retry")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("rtsp", "online", "RTSP camera running. Last seen")]
    [InlineData("http", "stale", "HTTP camera away. Last seen")]
    [InlineData("video", "offline", "USB camera away. Last seen")]
    [InlineData("file", "offline", "Video file over. Last seen")]
    [InlineData(null, "online", "Last seen")]
    [InlineData("teleport", "online", "Last seen")]
    public async Task A_card_says_how_a_camera_is_that_an_edge_fetches_its_frames_from(
        string? source, string status, string expected)
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayEventsAsync(0, Event("door", 1, Now, sequence: 1, source: source));
        await live.SayStatusAsync([Device("door", status)]);

        await Expect(live.Page.Locator(".device .seen")).ToHaveTextAsync(new Regex($"^{Regex.Escape(expected)}"));
    }

    [Fact]
    public async Task The_numbers_of_the_whole_are_shown_and_trouble_stands_out()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayStatusAsync(
            [Device("a", persons: 2, outbox: 1), Device("b", "stale", outbox: 250), Device("c", "offline")], new()
            {
                ["events_per_second"] = 12.34,
                ["freshness_ms"] = new { p50 = 42.4, p95 = 81.6, p99 = 1234 },
                ["lag"] = new { messages = 800, seconds = 7.25 },
                ["dead_letters"] = 3,
                ["duplicates"] = 1,
            });

        await ShowsAsync("persons", "2", "2,345 in total", null);
        await ShowsAsync("devices-online", "1", "1 stale, 1 offline", null);
        await ShowsAsync("throughput", "12.3", "1,234 in total", null);
        await ShowsAsync("freshness", "42 ms", "p95 82 ms, p99 1.2 s", null);
        await ShowsAsync("lag", "800", "7.3 s behind", "wait");
        await ShowsAsync("outbox", "250", "at b", "wait");
        await ShowsAsync("dead-letters", "3", "1 duplicate", "wait");

        await live.SayStatusAsync([Device("a")]);
        await ShowsAsync("freshness", "–", "", null);
        await ShowsAsync("lag", "–", "", "");
        await ShowsAsync("outbox", "–", "", "");
        await ShowsAsync("dead-letters", "0", "0 duplicates", "");

        async Task ShowsAsync(string id, string value, string sub, string? tone)
        {
            await Expect(live.Page.Locator($"#{id}")).ToHaveTextAsync(value);
            await Expect(live.Page.Locator($"#{id}-sub")).ToHaveTextAsync(sub);
            if (tone is not null)
                await Expect(live.Page.Locator($"#{id}-tile")).ToHaveAttributeAsync("data-tone", tone);
        }
    }

    [Fact]
    public async Task A_device_is_a_card_whose_rate_counts_the_frames_that_this_browser_missed_too()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayEventsAsync(
            8, Event("edge-1", 0, Now, 1, 40), Event("edge-1", 2, Now.AddSeconds(2), 11, 60, outbox: 3));
        await live.SayStatusAsync(
            [Device("edge-1"), Device("edge-2", "stale", outbox: 17)], at: Now.AddSeconds(3));

        var card = live.Page.Locator("#cards [data-device=edge-1]");
        await Expect(card).ToHaveAttributeAsync("data-status", "online");
        await Expect(card.Locator("[data-value=persons]")).ToHaveTextAsync("2");
        await Expect(card.Locator("[data-value=fps]")).ToHaveTextAsync("5");
        await Expect(card.Locator("[data-value=freshness]")).ToHaveTextAsync("60 ms");
        await Expect(card.Locator("[data-value=outbox]")).ToHaveTextAsync("3");
        await Expect(card.Locator("canvas")).ToHaveCountAsync(1);
        await Expect(live.Page.Locator("#feed-note")).ToHaveTextAsync("8 not shown: this browser was too slow");

        var stale = live.Page.Locator("#cards [data-device=edge-2]");
        await Expect(stale.Locator(".status")).ToHaveTextAsync("stale");
        await Expect(stale.Locator("[data-value=fps]")).ToHaveTextAsync("–");
        await Expect(stale.Locator("[data-value=outbox]")).ToHaveTextAsync("17");
    }

    [Fact]
    public async Task A_face_that_only_the_full_range_model_found_is_dashed_and_said_to_be()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayStatusAsync([Device("edge-1")]);
        var newest = live.Page.Locator("#newest");

        await live.SayEventsAsync(0, Event("edge-1", 1, Now, 1, model: "short"));
        await Expect(newest).ToHaveAttributeAsync("aria-label", "1 face in a frame of 640 by 480 pixels");
        await Expect(newest.Locator(".label")).ToHaveTextAsync("93 %");
        await Expect(newest.Locator("[stroke-dasharray]")).ToHaveCountAsync(0);

        await live.SayEventsAsync(0, Event("edge-1", 1, Now.AddSeconds(1), 2, model: "full"));
        await Expect(newest).ToHaveAttributeAsync(
            "aria-label", "1 face, 1 by the full range model, in a frame of 640 by 480 pixels");
        await Expect(newest.Locator(".label")).ToHaveTextAsync("93 % · full range");
        await Expect(newest.Locator(".box[stroke-dasharray]")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Boxes_are_drawn_to_scale_on_an_empty_frame_and_the_page_says_that_there_is_no_picture()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayEventsAsync(0, Event("edge-1", 2, Now, 1));
        await live.SayStatusAsync([Device("edge-1")]);

        foreach (var svg in (string[])["#newest", "#feed svg"])
        {
            await Expect(live.Page.Locator(svg)).ToHaveAttributeAsync("data-boxes", "2");
            // At one moment, since the page draws anew whenever it likes.
            var rectangles = await live.Page.Locator(svg).EvaluateAsync<double[][]>(
                "svg => [svg.querySelector('.frame'), svg.querySelectorAll('.box')[1]].map(shape => "
                + "shape.getBoundingClientRect()).map(it => [it.x, it.y, it.width, it.height])");
            var (frameX, frameY, frameWidth, frameHeight) =
                (rectangles[0][0], rectangles[0][1], rectangles[0][2], rectangles[0][3]);
            var (x, y, width, height) = (rectangles[1][0], rectangles[1][1], rectangles[1][2], rectangles[1][3]);
            Assert.Equal(4 / 3.0, frameWidth / frameHeight, tolerance: 0.03);
            Assert.Equal(0.4, (x - frameX) / frameWidth, tolerance: 0.03);
            Assert.Equal(0.2, (y - frameY) / frameHeight, tolerance: 0.03);
            Assert.Equal(0.25, width / frameWidth, tolerance: 0.03);
            Assert.Equal(0.4, height / frameHeight, tolerance: 0.03);
        }

        await Expect(live.Page.Locator("figcaption").First).ToContainTextAsync("no picture ever reaches this server");
        await Expect(live.Page.Locator("main :is(img, video, picture, image)")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Of_many_devices_some_are_shown_and_all_or_those_looked_for_when_asked()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayStatusAsync(
            [.. Enumerable.Range(1, 100).Select(i => Device($"camera-{i}", i % 50 == 0 ? "offline" : "online"))]);
        var cards = live.Page.Locator("#cards .device");
        await Expect(cards).ToHaveCountAsync(24);
        await Expect(cards.Nth(9)).ToHaveAttributeAsync("data-device", "camera-10");

        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Show all 100 devices" }).ClickAsync();
        await Expect(cards).ToHaveCountAsync(100);

        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Offline 2" }).ClickAsync();
        await Expect(cards).ToHaveCountAsync(2);
        await Expect(live.Page.Locator("[data-status=offline][aria-pressed=true]")).ToHaveCountAsync(1);

        await live.Page.GetByRole(AriaRole.Searchbox).FillAsync("RA-5");
        await Expect(cards).ToHaveCountAsync(1);
        await live.Page.GetByRole(AriaRole.Searchbox).FillAsync("nobody");
        await Expect(live.Page.Locator("#cards-empty")).ToHaveTextAsync("No device is like that now.");
    }

    [Fact]
    public async Task One_device_can_be_followed_by_keyboard_alone()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayEventsAsync(0, Event("edge-1", 1, Now, 1), Event("edge-2", 2, Now.AddSeconds(1), 1));
        await live.SayStatusAsync([Device("edge-1"), Device("edge-2")]);
        var title = live.Page.Locator("#newest-title");
        await Expect(title).ToContainTextAsync("edge-2");

        await live.Page.GetByRole(AriaRole.Button, new() { Name = "edge-1" }).FocusAsync();
        await live.Page.Keyboard.PressAsync("Enter");
        await Expect(title).ToContainTextAsync("edge-1");
        await live.SayEventsAsync(
            0, Event("edge-1", 1, Now.AddSeconds(2), 2), Event("edge-2", 2, Now.AddSeconds(3), 2));
        await Expect(live.Page.Locator("#feed b").First).ToHaveTextAsync("edge-2");
        await Expect(live.Page.Locator("#newest")).ToHaveAttributeAsync("data-boxes", "1");

        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Show all devices" }).FocusAsync();
        await live.Page.Keyboard.PressAsync("Space");
        await Expect(title).ToContainTextAsync("edge-2");
    }

    [Fact]
    public async Task Paused_events_stand_still_and_the_numbers_go_on()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayEventsAsync(0, Event("before", 1, Now, 1));
        await live.SayStatusAsync([Device("before")]);
        await Expect(live.Page.Locator("#feed b").First).ToHaveTextAsync("before");

        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await live.SayEventsAsync(0, Event("after", 1, Now.AddSeconds(1), 1));
        await live.SayStatusAsync([Device("before"), Device("after")]);
        await Expect(live.Page.Locator("#devices-online")).ToHaveTextAsync("2");
        await Expect(live.Page.Locator("#feed b").First).ToHaveTextAsync("before");
        await Expect(live.Page.Locator("#newest-title")).ToContainTextAsync("before");

        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(live.Page.Locator("#feed b").First).ToHaveTextAsync("after");
    }

    [Fact]
    public async Task A_chart_is_there_in_words_and_as_a_table_too()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.SayStatusAsync([Device("edge-1")], new()
        {
            ["freshness_ms"] = new { p50 = 40, p95 = 80, p99 = 120 },
        });

        var chart = live.Page.Locator("#chart-freshness");
        await Expect(chart.GetByRole(AriaRole.Img)).ToHaveAttributeAsync(
            "aria-label",
            "Half of the events are visible after 40 milliseconds, 95 percent after 80, 99 percent after 120.");
        await chart.Locator("summary").ClickAsync();
        await Expect(chart.Locator("tr").Nth(1)).ToHaveTextAsync("now4080120");
        await Expect(live.Page.Locator("#chart-throughput .nothing")).ToBeVisibleAsync();
    }
}
