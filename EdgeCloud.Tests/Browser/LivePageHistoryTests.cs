using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>The live page's history on a server that has counted.</summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePageHistoryTests(FakeCamera chromium) : IAsyncLifetime
{
    /// <summary>Not the server's, so that whatever takes one for the other shows.</summary>
    private const string Zone = "America/Phoenix";

    private static readonly TimeSpan ZoneOffset = TimeSpan.FromHours(-7);
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.ClosePagesAsync();

    [Fact]
    public async Task A_time_is_picked_by_mouse_or_by_keyboard_and_kept_over_a_reload()
    {
        await using var scene = await CountedAsync();
        var page = await OpenAsync(scene);
        await ShowsAsync(page, "Persons by the minute.", "Persons by the minute: 1.5 on average, 3 at most.");
        Assert.Equal("", new Uri(page.Url).Query);

        await page.GetByText("Week", new() { Exact = true }).ClickAsync();
        await ShowsAsync(page, "Persons by the hour.", "Persons by the hour: 1.3 on average, 3 at most.");
        Assert.Equal("?range=week", new Uri(page.Url).Query);

        await page.Keyboard.PressAsync("ArrowLeft");
        await ShowsAsync(page, "Persons by the minute.", "Persons by the minute: 1.5 on average, 3 at most.");
        await Expect(page.GetByLabel("Day")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByLabel("Month")).ToBeCheckedAsync();
        await ShowsAsync(page, "Persons by the hour.", "Persons by the hour: 1.3 on average, 3 at most.");

        await page.ReloadAsync();
        await Expect(page.GetByLabel("Month")).ToBeCheckedAsync();
        await ShowsAsync(page, "Persons by the hour.", "Persons by the hour: 1.3 on average, 3 at most.");
    }

    [Fact]
    public async Task Devices_are_shown_together_each_by_itself_or_one_alone_and_a_gap_is_a_gap()
    {
        await using var scene = await CountedAsync();
        var page = await OpenAsync(scene, "?range=week");
        var devices = page.GetByLabel("Devices that are shown");
        await ShowsAsync(page, "Persons by the hour.", "Persons by the hour: 1.3 on average, 3 at most.");
        Assert.Equal([1, null, 1.5], await LineAsync(1));
        Assert.Equal([1, null, 3], await LineAsync(2));

        await devices.SelectOptionAsync("Each device");
        await ShowsAsync(
            page, "Persons by the hour, on average.",
            "Persons by the hour: edge-1 1.5 on average, 3 at most; edge-2 1 on average, 1 at most.");
        await Expect(page.Locator("#history .key")).ToHaveTextAsync(
            ["edge-1 1.5, at most 3", "edge-2 1, at most 1", "edge-1 3", "edge-2 1"]);
        Assert.Equal([null, null, 1.5], await LineAsync(1));
        Assert.Equal([1, null, null], await LineAsync(2));
        await Expect(Peaks(page)).ToHaveAttributeAsync(
            "aria-label", "Persons by the hour, at most: edge-1 3; edge-2 1.");
        Assert.Equal([null, null, 3], await LineAsync(1, "chart-peaks"));
        Assert.Equal([1, null, null], await LineAsync(2, "chart-peaks"));

        await devices.SelectOptionAsync("edge-2");
        await ShowsAsync(page, "Persons by the hour.", "Persons by the hour: 1 on average, 1 at most.");
        await Expect(Peaks(page)).ToBeHiddenAsync();
        await page.GetByText("As a table").First.ClickAsync();
        await Expect(page.Locator("#history tr").Nth(1)).ToHaveTextAsync(new Regex(
            $"^{Now.AddDays(-2).ToOffset(ZoneOffset).ToString("MMM d, HH", CultureInfo.InvariantCulture)}:0011$"));

        await page.ReloadAsync();
        await Expect(devices).ToHaveValueAsync("edge-2");
        await ShowsAsync(page, "Persons by the hour.", "Persons by the hour: 1 on average, 1 at most.");

        Task<double?[]> LineAsync(int index, string chart = "chart-history") => page.EvaluateAsync<double?[]>(
            $"document.querySelector('#{chart} .plot').plot.data[{index}]");
    }

    [Fact]
    public async Task A_time_from_and_to_is_this_browsers_and_one_that_cannot_be_is_explained_beside_it()
    {
        await using var scene = await CountedAsync();
        var page = await OpenAsync(scene);
        await page.GetByText("From – to").ClickAsync();
        var from = page.GetByLabel("From", new() { Exact = true });
        var to = page.GetByLabel("To", new() { Exact = true });
        var show = page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true });
        await ShowsAsync(page, "Persons by the minute.", "Persons by the minute: 1.5 on average, 3 at most.");

        await from.FillAsync(Local(Now.AddDays(-1)));
        await to.FillAsync(Local(Now.AddDays(-2)));
        await show.ClickAsync();
        await Expect(page.Locator("#history-to-wrong")).ToHaveTextAsync("The end must be after the beginning.");
        await Expect(to).ToBeFocusedAsync();
        await Expect(to).ToHaveAttributeAsync("aria-invalid", "true");

        await to.FillAsync("");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#history-to-wrong")).ToHaveTextAsync("Give a day and a time to end with.");

        await to.FillAsync(Local(Now.AddHours(-20)));
        await show.ClickAsync();
        await Expect(page.Locator("#history-status")).ToHaveTextAsync("No frames in this time.");
        await Expect(page.Locator("#history-to-wrong")).ToBeEmptyAsync();

        await from.FillAsync(Local(Now.AddDays(-2).AddMinutes(-5)));
        await to.FillAsync(Local(Now.AddDays(-2).AddMinutes(5)));
        await show.ClickAsync();
        await ShowsAsync(page, "Persons by the minute.", "Persons by the minute: 1 on average, 1 at most.");

        await page.ReloadAsync();
        await Expect(from).ToHaveValueAsync(Local(Now.AddDays(-2).AddMinutes(-5)));
        await ShowsAsync(page, "Persons by the minute.", "Persons by the minute: 1 on average, 1 at most.");

        static string Local(DateTimeOffset time) =>
            time.ToOffset(ZoneOffset).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_history_that_is_away_says_why_and_is_there_when_it_is_tried_again()
    {
        await using var scene = await CountedAsync();
        var page = await chromium.NewPageAsync();
        // Its clock stands still: it does not try again by itself.
        await page.Clock.InstallAsync(new() { TimeDate = DateTime.UtcNow });
        await page.Clock.PauseAtAsync(DateTime.UtcNow.AddMinutes(1));
        await page.RouteAsync("**/history?*", static route => route.FulfillAsync(new()
        {
            Status = 503,
            ContentType = "application/problem+json",
            Body = """{"title":"The history (SQLite) is away","detail":"SQLite Error 14: unable to open."}""",
        }));
        await page.GotoAsync($"{scene.Address}?range=week");
        await Expect(page.Locator("#history-status")).ToHaveTextAsync("SQLite Error 14: unable to open.");

        await page.UnrouteAsync("**/history?*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await ShowsAsync(page, "Persons by the hour.", "Persons by the hour: 1.3 on average, 3 at most.");
        await Expect(page.Locator("#history-retry")).ToBeHiddenAsync();
        await Expect(page.GetByLabel("Week")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task What_is_shown_is_downloaded_as_csv()
    {
        await using var scene = await CountedAsync();
        var page = await OpenAsync(scene, "?range=week&by=device");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download CSV").ClickAsync());

        Assert.Matches("^edgecloud-history-.*-1h.csv$", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.StartsWith("start,device_id,frames,unchanged,persons_average,persons_max,", lines[0]);
        Assert.Matches(":00:00-07:00,edge-2,1,0,1,1,", lines[1]);
        Assert.Matches(":00:00-07:00,edge-1,2,0,1.5,3,", lines[2]);
        Assert.Equal(3, lines.Length);
    }

    private async Task<IPage> OpenAsync(Counted scene, string search = "")
    {
        var page = await chromium.NewPageAsync(new() { TimezoneId = Zone });
        await page.GotoAsync($"{scene.Address}{search}");
        return page;
    }

    private static async Task ShowsAsync(IPage page, string status, string words)
    {
        await Expect(page.Locator("#history-status")).ToHaveTextAsync(status);
        await Expect(page.Locator("#chart-history").GetByRole(AriaRole.Img)).ToHaveAttributeAsync("aria-label", words);
    }

    private static ILocator Peaks(IPage page) => page.Locator("#chart-peaks .plot");

    /// <summary>Two frames of edge-1 ten minutes ago, and one of edge-2 two days ago.</summary>
    private static async Task<Counted> CountedAsync()
    {
        var scene = new ServerScene();
        await scene.PublishAsync(Events.Of("edge-1", Now.AddMinutes(-10), persons: 3));
        await scene.PublishAsync(Events.Of("edge-1", Now.AddMinutes(-10), persons: 0));
        await scene.PublishAsync(Events.Of("edge-2", Now.AddDays(-2), persons: 1));
        var server = await scene.StartServerAsync();
        await server.SeesAsync("events", 3);
        return new Counted(scene, server.BaseAddress!);
    }

    private sealed record Counted(ServerScene Scene, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Scene.DisposeAsync();
    }
}
