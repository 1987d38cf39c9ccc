using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>What both pages say about energy and carbon, by the answers of GET /carbon.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CarbonStripTests(FakeCamera browser)
{
    private const int Refresh = 15_000;

    [Fact]
    public async Task The_camera_page_says_what_a_frame_costs_where_that_comes_from_and_what_lowers_it()
    {
        await using var camera =
            await CameraPage.OpenAsync(browser.Browser, carbon: route => CarbonAnswer.ReportAsync(route));
        var strip = camera.Page.Locator("#carbon");

        // (0.2554 + 0.4790) g / 3,600.
        await Expect(strip.Locator(".headline"))
            .ToHaveTextAsync("0.20 mg per frame, estimated · DE 381 g/kWh, 2 min old");

        // Of 0.7344 g: 25.92, 25.88 and 2,361.6 of 2,413.4 J, by 0.2554 g; and 0.479 g.
        await Expect(strip.Locator("li"))
            .ToHaveTextAsync(["frames 0.4 %", "other work 0.4 %", "reserved 34 %", "embodied 65 %"]);
        await Expect(strip.Locator(".lever"))
            .ToContainTextAsync("more cameras per vCPU, smaller requests, then the model");

        await strip.Locator("summary").FocusAsync();
        await camera.Page.Keyboard.PressAsync("Enter");
        var details = strip.Locator("details");
        await Expect(details).ToContainTextAsync("Modelled from the CPU time of the container");
        await Expect(details.Locator("div")).ToHaveTextAsync(
        [
            "One more frame0.76 µg", "Low to high per frame0.19 mg to 0.22 mg", "Power now0.67 W (0.54 to 0.83)",
            "Reserved1 vCPU, 0.5 GB",
            "ProcessorAMD EPYC 3rd generation",
        ]);

        // What is open stays open, with newer figures.
        camera.Carbon = route => CarbonAnswer.ReportAsync(route, frames: 1800);
        await camera.PassAsync(Refresh);
        await Expect(strip.Locator("strong")).ToHaveTextAsync("0.41 mg per frame");
        await Expect(details).ToHaveAttributeAsync("open", "");
        await Expect(strip.Locator("summary")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_live_page_says_what_its_server_costs_in_an_hour()
    {
        var live = await LivePage.OpenAsync(browser.Browser, carbon: route => CarbonAnswer.ReportAsync(
            route, frames: null, intensity: CarbonAnswer.Average));
        var strip = live.Page.Locator("#carbon");

        await Expect(strip.Locator(".headline"))
            .ToHaveTextAsync("0.73 g per hour, estimated · DE 381 g/kWh, average of 2023");
        await Expect(strip.Locator("li")).ToHaveTextAsync(["work 0.7 %", "reserved 34 %", "embodied 65 %"]);
    }

    [Theory]
    [InlineData(0.5, "0.50 g")]
    [InlineData(0.04, "40 mg")]
    [InlineData(0.00008, "0.080 mg")]
    [InlineData(0.000004, "4.0 µg")]
    public async Task Grams_are_written_in_the_unit_that_reads_best(double grams, string text)
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser, carbon: route => CarbonAnswer.ReportAsync(
            route, frames: 1, operationalGrams: grams / 2, embodiedGrams: grams / 2));
        await Expect(camera.Page.Locator("#carbon strong")).ToHaveTextAsync($"{text} per frame");
    }

    [Theory]
    [InlineData("fixed", null, null, "mill 24 g/kWh, a fixed figure")]
    [InlineData("carbon_aware_sdk", 7, null, "mill 24 g/kWh, 7 s old")]
    [InlineData("file", 10_000, null, "mill 24 g/kWh, 3 h old")]
    [InlineData("average", 63_244_800, "The file is gone.", "mill 24 g/kWh, average of 2023, no newer figure")]
    public async Task How_old_the_intensity_is_and_why_there_is_no_newer_one_is_said(
        string source, int? ageSeconds, string? problem, string text)
    {
        var intensity = new { grams_per_kwh = 24, location = "mill", source, age_seconds = ageSeconds, problem };
        await using var camera = await CameraPage.OpenAsync(
            browser.Browser, carbon: route => CarbonAnswer.ReportAsync(route, intensity: intensity));
        var strip = camera.Page.Locator("#carbon");

        await Expect(strip.Locator(".headline")).ToContainTextAsync(text);
        await Expect(strip.Locator("dd", new() { HasText = "The file is gone." }))
            .ToHaveCountAsync(problem is null ? 0 : 1);
    }

    [Fact]
    public async Task Where_the_work_dominates_the_levers_are_others()
    {
        await using var camera = await CameraPage.OpenAsync(browser.Browser, carbon: route => CarbonAnswer.ReportAsync(
            route, frames: 54_000, activeJoules: 10_000, operationalGrams: 1.3));
        await Expect(camera.Page.Locator("#carbon .lever"))
            .ToContainTextAsync("Most is work. What lowers it, most first: a lighter model");
    }

    [Theory]
    [InlineData("camera")]
    [InlineData("live")]
    public async Task It_goes_when_the_service_is_gone_and_comes_back_with_it(string which)
    {
        Func<IRoute, Task> answer = route => CarbonAnswer.ReportAsync(route);
        var page = await OpenStillAsync(which, route => answer(route));
        var strip = page.Locator("#carbon");
        await Expect(strip).ToBeVisibleAsync();

        answer = CarbonAnswer.AwayAsync;
        await page.Clock.RunForAsync(Refresh);
        await Expect(strip).ToBeHiddenAsync();

        answer = route => CarbonAnswer.ReportAsync(route);
        await page.Clock.RunForAsync(Refresh);
        await Expect(strip).ToBeVisibleAsync();
        await page.CloseAsync();
    }

    [Fact]
    public async Task It_goes_when_the_service_falls_silent()
    {
        await using var camera =
            await CameraPage.OpenAsync(browser.Browser, carbon: route => CarbonAnswer.ReportAsync(route));
        await Expect(camera.Page.Locator("#carbon")).ToBeVisibleAsync();

        camera.Carbon = _ => Task.CompletedTask;
        await camera.PassAsync(Refresh + 10_000);

        await Expect(camera.Page.Locator("#carbon")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no report")]
    [InlineData("""{"energy_joules":{"active":{"mean":0},"reserved":{"mean":0}},"carbon_grams":"""
        + """{"operational":0,"embodied":0}}""")]
    public async Task Without_data_there_is_none(string report)
    {
        var asked = 0;
        await using var camera = await CameraPage.OpenAsync(browser.Browser, carbon: route =>
        {
            asked++;
            return CarbonAnswer.JsonAsync(route, report);
        });

        // Asked a second time, the first answer has been looked at.
        await Eventually.HoldsAsync(() => asked == 1, "the page has asked");
        await Eventually.HoldsAsync(async () =>
        {
            await camera.PassAsync(Refresh);
            return asked > 1;
        }, "the page has asked again");
        await Expect(camera.Page.Locator("#carbon")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_hidden_tab_asks_nothing_until_it_is_seen_again()
    {
        var asked = 0;
        await using var camera = await CameraPage.OpenAsync(
            browser.Browser,
            "window.isHidden = false; Object.defineProperty(document, 'hidden', { get: () => isHidden });",
            carbon: route => CarbonAnswer.ReportAsync(route, frames: ++asked));
        await Expect(camera.Page.Locator("#carbon")).ToBeVisibleAsync();

        await camera.Page.EvaluateAsync("isHidden = true; document.dispatchEvent(new Event('visibilitychange'))");
        await camera.PassAsync(10 * Refresh);
        await camera.Page.EvaluateAsync("isHidden = false; document.dispatchEvent(new Event('visibilitychange'))");

        await Expect(camera.Page.Locator("#carbon strong")).ToHaveTextAsync("0.37 g per frame");
        Assert.Equal(2, asked);
    }

    private async Task<IPage> OpenStillAsync(string which, Func<IRoute, Task> carbon) => which == "camera"
        ? (await CameraPage.OpenAsync(browser.Browser, carbon: carbon)).Page
        : (await LivePage.OpenAsync(browser.Browser, still: true, carbon: carbon)).Page;
}
