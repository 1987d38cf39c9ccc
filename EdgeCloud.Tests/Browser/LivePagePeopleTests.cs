using System.Collections.Concurrent;
using System.Web;
using Microsoft.Playwright;
using static EdgeCloud.Tests.Browser.LivePage;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>Who came and how long they stayed, by the answers of GET /visits.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePagePeopleTests(FakeCamera chromium) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _asked = new();

    private volatile RouteFulfillOptions _answer = Visits(
        12, 1, 94.5,
        [new { device_id = "edge-1", zone = "desk", visits = 7, dwell_seconds_median = 12.1 }],
        [new { device_id = "edge-1", line = "door", forward = 5, backward = 4 }],
        Visit("edge-1", 15, null), Visit("edge-1", 45, 15), Visit("hall", 30, 5));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.ClosePagesAsync();

    [Fact]
    public async Task Visits_are_told_in_numbers_drawn_over_time_and_there_in_words_and_as_a_table()
    {
        var live = await OpenPeopleAsync();
        await Expect(live.Page.Locator("#people dd")).ToHaveTextAsync(["1", "12", "1 min 34 s"]);
        await Expect(live.Page.Locator("#timeline [role=img]")).ToHaveAccessibleNameAsync(
            "Visits over time: edge-1 2 visits, 1 still there; hall 1 visit.");
        await Expect(live.Page.Locator("#timeline")).ToContainTextAsync("The newest 3 of 12 visits are drawn.");

        // From a quarter of the hour to a half, and from three quarters to its end.
        var bars = await live.Page.Locator("#timeline [data-device=edge-1] .visit").EvaluateAllAsync<double[][]>(
            "bars => bars.map(bar => ['x', 'width'].map(name => parseFloat(bar.getAttribute(name))))");
        Assert.Equal([25, 25, 75, 25], bars.SelectMany(static bar => bar).Select(static value => Math.Round(value)));

        await live.SayEventsAsync(0, Event("edge-1", 1, DateTimeOffset.UtcNow, 1, zones: new
        {
            occupancy = (object[])[new { zone = "desk", persons = 3 }],
            crossings = Array.Empty<object>(),
        }));
        await live.SayStatusAsync([Device("edge-1")]);
        await live.Page.Clock.RunForAsync(100);
        await Expect(live.Page.Locator("#people-zones tr")).ToHaveTextAsync(["desk" + "7" + "12 s" + "3"]);
        await Expect(live.Page.Locator("#people-lines tr")).ToHaveTextAsync(["door" + "5" + "4"]);

        await live.Page.Locator("#timeline summary").ClickAsync();
        await Expect(live.Page.Locator("#timeline tr").Nth(1)).ToContainTextAsync("edge-1#1515 min 0 sstill there");
        await Expect(live.Page.Locator("#timeline tr").Nth(2)).ToContainTextAsync("edge-1#4515 min 0 sleft");
    }

    [Theory]
    [InlineData(404, null, "This server keeps no visits.")]
    [InlineData(503, "The history is away.", "The history is away.")]
    public async Task Why_there_are_none_is_said_and_they_are_there_when_they_are_known_again(
        int status, string? detail, string said)
    {
        var known = _answer;
        _answer = new() { Status = status, ContentType = "application/json", Body = $$"""{"detail":"{{detail}}"}""" };
        var live = await OpenPeopleAsync("failed");
        await Expect(live.Page.Locator("#people-status")).ToHaveTextAsync(said);

        _answer = known;
        await live.Page.Clock.RunForAsync(15_000);
        await Expect(live.Page.Locator("#people-visits")).ToHaveTextAsync("12");
        await Expect(live.Page.Locator("#people-status")).Not.ToContainTextAsync(said);

        _answer = new() { Status = 503, Body = """{"detail":"Away."}""" };
        await live.Page.Clock.RunForAsync(15_000);
        await Expect(live.Page.Locator("#people-status")).ToHaveTextAsync("Away. What you see is the last that came.");
        await Expect(live.Page.Locator("#people-visits")).ToHaveTextAsync("12");
    }

    [Fact]
    public async Task They_are_of_the_time_and_the_device_of_the_history()
    {
        var live = await OpenPeopleAsync();
        await live.SayStatusAsync([Device("hall")]);
        await live.Page.Clock.RunForAsync(100);
        await live.Page.GetByText("Week", new() { Exact = true }).ClickAsync();
        await live.Page.GetByLabel("Devices that are shown").SelectOptionAsync("hall");
        await Eventually.HoldsAsync(() => _asked.Count == 3, "both are asked for");
        Assert.Equal([("-1h", null), ("-7d", null), ("-7d", "hall")],
            _asked.Select(static url => HttpUtility.ParseQueryString(new Uri(url).Query))
                .Select(static query => (query["from"], query["device_id"])));
    }

    private async Task<LivePage> OpenPeopleAsync(string state = "shown")
    {
        var live = await OpenAsync(chromium.Browser, still: true, visits: route =>
        {
            _asked.Enqueue(route.Request.Url);
            return route.FulfillAsync(_answer);
        });
        await Expect(live.Page.Locator("#people")).ToHaveAttributeAsync("data-state", state);
        return live;
    }
}
