using Microsoft.Playwright;
using static EdgeCloud.Tests.Browser.LivePage;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>
/// The live page for those who see it otherwise than its author: axe-core's rules in each state, phone and
/// desktop, light and dark.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePageForEveryoneTests(FakeCamera chromium) : IAsyncLifetime
{
    private const string SumShifts =
        """
        window.shift = 0;
        new PerformanceObserver(list => list.getEntries().forEach(entry => (window.shift += entry.value)))
          .observe({ type: 'layout-shift', buffered: true });
        """;

    private const string CountAnnouncements =
        """
        window.announced = 0;
        new MutationObserver(() => window.announced++)
          .observe(document.getElementById('status'), { childList: true, characterData: true, subtree: true });
        """;

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.ClosePagesAsync();

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task No_state_has_anything_that_keeps_people_out_and_nothing_lies_beside_the_screen(
        int width, ColorScheme scheme)
    {
        var names = Enumerable.Range(1, 12).Select(i => $"a-device-with-quite-a-long-name-{i}").ToArray();
        var history = History([.. names.Select(static (name, i) => Bucket(i, 1.5, 3, name))]);
        var live = await OpenAsync(
            chromium.Browser, width, scheme, carbon: route => CarbonAnswer.ReportAsync(route, frames: null),
            history: route => route.FulfillAsync(history), zones: new FakeZones().AnswerAsync,
            visits: route => route.FulfillAsync(Visits(
                2, 1, 5025, [new { device_id = names[0], zone = "desk", visits = 2, dwell_seconds_median = 12 }],
                [new { device_id = names[1], line = "door", forward = 1, backward = 0 }],
                [.. names.Select(static (name, i) => Visit(name, 50 - i, i == 0 ? null : 5))])));
        await live.Page.Locator("#carbon summary").ClickAsync();
        await IsFineAsync("connecting");

        await live.SayStatusAsync([], new() { ["caught_up"] = false });
        await IsFineAsync("waiting");

        await live.SayStatusAsync([], new()
        {
            ["caught_up"] = false,
            ["replay"] = new { position = 1, total = 2, messages_per_second = 1, seconds_left = 1 },
        });
        await IsFineAsync("reading");

        await live.SayStatusAsync([]);
        await Expect(live.Page.Locator("#empty")).ToBeVisibleAsync();
        await IsFineAsync("live");

        await live.SayEventsAsync(
            5, [.. names.Select((name, i) => Event(name, i % 3, Now.AddSeconds(i), 1, freshnessMilliseconds: 1234))]);
        await live.SayStatusAsync(
            [.. names.Select((name, i) =>
                Device(name, i == 1 ? "stale" : i == 2 ? "offline" : "online", outbox: 123_456))], new()
                {
                    ["freshness_ms"] = new { p50 = 40, p95 = 80, p99 = 120 },
                    ["events_per_second"] = 5,
                    ["lag"] = new { messages = 123_456, seconds = 100 },
                    ["dead_letters"] = 7,
                    ["events"] = 1_234_567_890,
                });
        await Expect(live.Page.Locator("#dead-letters")).ToHaveTextAsync("7");
        await live.Page.Locator("#cards button").First.ClickAsync();
        await live.Page.Locator("#pause").ClickAsync();
        await live.Page.Locator("#chart-freshness summary").ClickAsync();
        await live.Page.Locator("#timeline summary").ClickAsync();
        await live.Page.Locator("#zones summary").ClickAsync();
        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Move desk" }).ClickAsync();
        await Expect(live.Page.Locator("#unfollow")).ToBeVisibleAsync();
        await live.Page.GetByLabel("Devices that are shown").SelectOptionAsync("Each device");
        await live.Page.Locator("#chart-peaks summary").ClickAsync();
        await live.Page.GetByText("From – to").ClickAsync();
        await live.Page.Locator("#history-to").FillAsync("");
        await live.Page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Expect(live.Page.Locator("#history-to-wrong")).Not.ToBeEmptyAsync();
        await Expect(live.Page.Locator("#history .key")).ToHaveCountAsync(20);
        await IsFineAsync("live");

        history = new RouteFulfillOptions { Status = 503, Body = """{"detail":"Why this cannot be answered now."}""" };
        await live.Page.GetByText("Week", new() { Exact = true }).ClickAsync();
        await Expect(live.Page.Locator("#history-retry")).ToBeVisibleAsync();
        await IsFineAsync("live");

        await live.LoseConnectionAsync();
        await IsFineAsync("lost");

        async Task IsFineAsync(string connection)
        {
            await Expect(live.Body).ToHaveAttributeAsync("data-connection", connection);
            await Axe.FindsNothingAsync(live.Page);
            Assert.Equal(width, await live.Page.EvaluateAsync<int>(
                "Math.max(document.documentElement.scrollWidth, innerWidth)"));
            Assert.True(
                await live.Page.Locator("#history").EvaluateAsync<bool>("it => it.scrollWidth <= it.clientWidth"),
                "Of the history, some is cut off.");
            Assert.True(
                await live.Page.Locator("#people").EvaluateAsync<bool>("it => it.scrollWidth <= it.clientWidth"),
                "Of the people, some is cut off.");
        }
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Nothing_moves_when_the_first_numbers_come_or_the_connection_is_lost(int width)
    {
        var live = await OpenAsync(chromium.Browser, width);
        await live.Page.EvaluateAsync(SumShifts);

        await live.SayStatusAsync([], new()
        {
            ["caught_up"] = false,
            ["replay"] = new { position = 1, total = 2, messages_per_second = 1, seconds_left = 1 },
        });
        await Expect(live.Page.Locator("#replay")).ToBeVisibleAsync();
        await live.SayEventsAsync(0, Event("edge-1", 1, Now, 1));
        await live.SayStatusAsync([Device("edge-1")], new() { ["lag"] = new { messages = 0, seconds = 0 } });
        await Expect(live.Page.Locator("#lag")).ToHaveTextAsync("0");
        await live.LoseConnectionAsync();
        await Expect(live.Page.Locator("#retry")).ToBeVisibleAsync();

        // Two display frames later, what was laid out has been reported.
        await live.Page.EvaluateAsync(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        Assert.Equal(0, await live.Page.EvaluateAsync<double>("window.shift"));
    }

    [Fact]
    public async Task Only_a_change_of_state_is_announced()
    {
        var live = await OpenAsync(chromium.Browser);
        await live.Page.EvaluateAsync(CountAnnouncements);
        for (var i = 1; i <= 5; i++)
            await live.SayStatusAsync([], new()
            {
                ["caught_up"] = false,
                ["replay"] = new { position = i, total = 10, messages_per_second = 1, seconds_left = 1 },
            });
        for (var i = 0; i < 5; i++)
        {
            await live.SayEventsAsync(0, Event("edge-1", 1, Now.AddSeconds(i), i));
            await live.SayStatusAsync([Device("edge-1")], new() { ["events"] = i });
        }

        await Expect(live.Page.Locator("#throughput-sub")).ToHaveTextAsync("4 in total");
        Assert.Equal(2, await live.Page.EvaluateAsync<int>("window.announced"));
        await Expect(live.Page.Locator("[role=status], [aria-live]")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Nothing_is_animated_for_those_who_ask_for_less_motion()
    {
        var live = await OpenAsync(chromium.Browser);
        const string animation = "element => getComputedStyle(element).animationName";
        Assert.Equal("breathe", await live.Page.Locator("#lamp").EvaluateAsync<string>(animation));

        await live.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });

        Assert.Equal("none", await live.Page.Locator("#lamp").EvaluateAsync<string>(animation));
    }

    [Fact]
    public async Task The_charts_take_the_colours_of_the_scheme_when_it_changes()
    {
        var live = await OpenAsync(chromium.Browser, history: static route => route.FulfillAsync(
            History([.. Enumerable.Range(0, 60).Select(static i => Bucket(60 - i, 3, 5))])));
        await Expect(live.Page.Locator("#history-status")).ToHaveTextAsync("Persons by the minute.");
        const string hasSignal =
            """
            canvas => {
              const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              for (let i = 0; i < pixels.length; i += 4)
                if (pixels[i] === 0xc9 && pixels[i + 1] === 0xf5 && pixels[i + 2] === 0x58) return true;
              return false;
            }
            """;
        var canvas = live.Page.Locator("#chart-history canvas");
        Assert.False(await canvas.EvaluateAsync<bool>(hasSignal));

        await live.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });

        await Eventually.HoldsAsync(
            () => canvas.EvaluateAsync<bool>(hasSignal), "the line has the dark scheme's accent");
    }
}
