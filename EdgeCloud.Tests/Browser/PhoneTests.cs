using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>A phone on the listener for phones, over HTTPS: the browser of this machine at a phone's size.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PhoneTests(FakeCamera browser) : IAsyncLifetime
{
    private static readonly string KeptAwake = """
        window.locks = 0;
        Object.defineProperty(navigator, 'wakeLock', { value: { request: async kind => {
          locks += kind === 'screen';
          const lock = new EventTarget();
          lock.release = async () => { locks--; lock.dispatchEvent(new Event('release')); };
          window.giveUp = () => lock.release();
          return lock;
        } } });
        """;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.ClosePagesAsync();

    [Fact]
    public async Task The_code_leads_through_the_pairing_to_frames_of_the_phones_own_device()
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        var page = await PhoneAsync();
        await page.AddInitScriptAsync(KeptAwake);

        await page.GotoAsync(new Uri(scene.Address, $"/trust#{await scene.TokenAsync()}").AbsoluteUri);
        await page.WaitForURLAsync(scene.Address.AbsoluteUri);
        await Expect(page.Locator("#device-id")).ToHaveValueAsync(new Regex("^phone-"));
        await Expect(page.Locator("#device-id")).Not.ToBeEditableAsync();
        await page.Locator("#start").ClickAsync();
        await Expect(page.Locator("#overlay")).ToHaveAttributeAsync("data-boxes", "1");

        var deviceId = await page.Locator("#device-id").InputValueAsync();
        var seen = await (await scene.Edge.GetAsync($"/boxes?device_id={deviceId}")).EventAsync();
        Assert.Equal(deviceId, seen.GetProperty("device_id").GetString());
        Assert.Equal(1, seen.GetProperty("persons_detected").GetInt32());
        Assert.Equal(1, await page.EvaluateAsync<int>("locks"));

        await page.Locator("#phone-name").FillAsync("Kitchen");
        await page.Locator("#phone-name").BlurAsync();
        await Eventually.HoldsAsync(
            async () => (await scene.Edge.GetStringAsync("/phone")).Contains("Kitchen", StringComparison.Ordinal),
            "the edge knows the name");

        await page.Locator("#stop").ClickAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("locks"));
    }

    [Fact]
    public async Task A_phone_that_is_put_out_is_told_so_and_its_page_is_gone()
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        var page = await PhoneAsync();
        await page.GotoAsync(new Uri(scene.Address, $"/trust#{await scene.TokenAsync()}").AbsoluteUri);
        await page.WaitForURLAsync(scene.Address.AbsoluteUri);
        await page.Locator("#start").ClickAsync();
        await Expect(page.Locator("#overlay")).ToHaveAttributeAsync("data-boxes", "1");

        using var revoked = await scene.Edge.PostAsync("/phone/revoke", null);

        await Expect(page.Locator("#status")).ToContainTextAsync("Not paired");
        await page.ReloadAsync();
        await Expect(page.Locator("#status-title")).ToHaveTextAsync("This phone is not paired");
    }

    [Fact]
    public async Task A_code_of_before_is_said_to_be_none()
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        var page = await PhoneAsync();

        await page.GotoAsync(new Uri(scene.Address, "/trust#AAAAAAAAAAAAAAAAAAAAAA").AbsoluteUri);

        await Expect(page.Locator("#status-title")).ToHaveTextAsync("This code is not valid any more");
        Assert.Equal("", await page.EvaluateAsync<string>("location.hash"));
    }

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task The_trust_page_keeps_nobody_out_and_says_the_fingerprint(
        int width, int height, ColorScheme colours)
    {
        await using var scene = new PhoneScene();
        await scene.InitializeAsync();
        var page = await PhoneAsync(width, height, colours);
        await page.GotoAsync(new Uri(scene.Address, "/trust").AbsoluteUri);

        using var status = JsonDocument.Parse(await scene.Edge.GetStringAsync("/phone"));
        await Expect(page.Locator("#fingerprint")).ToHaveTextAsync(
            status.RootElement.GetProperty("authority_fingerprint").GetString()!);
        foreach (var details in await page.Locator("summary").AllAsync())
            await details.ClickAsync();
        await Axe.FindsNothingAsync(page);
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            "the page is wider than the window");
    }

    /// <summary>
    /// Goes on past the warning, as a person does; and past the page's policy, for the test's own scripts.
    /// </summary>
    private async Task<IPage> PhoneAsync(int width = 390, int height = 844, ColorScheme colours = ColorScheme.Light) =>
        await browser.NewPageAsync(new BrowserNewContextOptions
        {
            IgnoreHTTPSErrors = true,
            BypassCSP = true,
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
            HasTouch = true,
        });
}
