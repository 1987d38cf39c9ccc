using System.Collections.Concurrent;
using System.Web;
using Microsoft.Playwright;
using static EdgeCloud.Tests.Browser.LivePage;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>How the live page's history goes on. The page's clock stands still but where a test moves it.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePageHistoryRefreshTests(FakeCamera chromium) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _asked = new();
    private volatile RouteFulfillOptions _answer = History(Bucket(1, 1, 2));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.ClosePagesAsync();

    [Theory]
    [InlineData("hour", 5000)]
    [InlineData("day", 30_000)]
    [InlineData("month", 60_000)]
    public async Task A_time_that_ends_now_goes_on_without_a_word_and_without_taking_the_focus(
        string range, int everyMilliseconds)
    {
        var live = await OpenStillAsync($"?range={range}");
        await live.Page.GetByLabel("Devices that are shown").FocusAsync();
        await live.Page.EvaluateAsync(
            """
            window.said = [];
            new MutationObserver(() => window.said.push(document.getElementById('history-status').textContent))
              .observe(document.getElementById('history-status'), { childList: true, characterData: true });
            """);

        _answer = History(Bucket(1, 3, 4));
        await live.Page.Clock.RunForAsync(everyMilliseconds - 1);
        Assert.Single(_asked);
        await live.Page.Clock.RunForAsync(1);

        await Expect(live.Page.Locator("#history .key").First).ToHaveTextAsync("Average 3");
        Assert.Equal(2, _asked.Count);
        Assert.Empty(await live.Page.EvaluateAsync<string[]>("window.said"));
        await Expect(live.Page.GetByLabel("Devices that are shown")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_time_that_is_over_is_not_asked_for_again()
    {
        var live = await OpenStillAsync("?range=custom&from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z");
        await live.Page.Clock.RunForAsync(600_000);
        await live.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        Assert.Equal(
            ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"), (Of(_asked.Single(), "from"), Of(_asked.Single(), "to")));
    }

    [Fact]
    public async Task What_came_last_stays_while_the_history_is_away_and_goes_on_by_itself()
    {
        var live = await OpenStillAsync();
        _answer = new RouteFulfillOptions { Status = 503, Body = """{"detail":"It is away."}""" };
        await live.Page.Clock.RunForAsync(5000);
        var (status, first) = (live.Page.Locator("#history-status"), live.Page.Locator("#history .key").First);
        await Expect(status).ToHaveTextAsync("It is away. What you see is the last that came.");
        await Expect(first).ToHaveTextAsync("Average 1");

        await live.Page.GetByText("Day", new() { Exact = true }).ClickAsync();
        await Expect(status).ToHaveTextAsync("It is away.");
        await Expect(first).ToHaveTextAsync("Average –");

        _answer = History(Bucket(1, 3, 4));
        await live.Page.Clock.RunForAsync(5000);
        await Expect(status).ToHaveTextAsync("Persons by the minute.");
        await Expect(first).ToHaveTextAsync("Average 3");
    }

    [Fact]
    public async Task Of_many_devices_the_ten_with_the_most_frames_have_a_line_and_that_is_said()
    {
        _answer = History([.. Enumerable.Range(1, 12)
            .Select(static i => Bucket(1, i, i, $"edge-{i}", frames: i is 5 or 7 ? 1 : 100))]);
        var live = await OpenStillAsync("?by=device");
        await Expect(live.Page.Locator("#history-status")).ToHaveTextAsync(
            "Persons by the minute, on average. "
            + "The 10 devices with the most frames, of 12; choose one to see another.");
        await Expect(live.Page.Locator("#chart-history .key")).ToHaveCountAsync(10);
        Assert.Equal([null, "edge-1,edge-2,edge-3,edge-4,edge-6,edge-8,edge-9,edge-10,edge-11,edge-12"],
            _asked.Select(static url => Of(url, "device_id")));
        Assert.DoesNotContain("device_id", await live.Page.Locator("#history-csv").GetAttributeAsync("href"));

        await live.Page.Clock.RunForAsync(5000);
        await Eventually.HoldsAsync(() => _asked.Count == 3, "it has been asked for again");
        Assert.Equal(Of(_asked.ElementAt(1), "device_id"), Of(_asked.Last(), "device_id"));
    }

    private async Task<LivePage> OpenStillAsync(string search = "")
    {
        var live = await OpenAsync(chromium.Browser, still: true, search: search, history: route =>
        {
            _asked.Enqueue(route.Request.Url);
            return route.FulfillAsync(_answer);
        });
        await Expect(live.Page.Locator("#history")).ToHaveAttributeAsync("data-state", "shown");
        return live;
    }

    private static string? Of(string url, string parameter) =>
        HttpUtility.ParseQueryString(new Uri(url).Query)[parameter];
}
