using static EdgeCloud.Tests.Browser.LivePage;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>
/// How the live page keeps to a server that goes away and comes back. The page's clock stands still
/// but where a test moves it.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class LivePageConnectionTests(FakeCamera chromium) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => chromium.ClosePagesAsync();

    [Theory]
    [InlineData(1, new[] { 500, 1000, 2000, 4000, 8000, 15_000, 15_000 })]
    [InlineData(0, new[] { 250, 500, 1000, 2000, 4000, 7500, 7500 })]
    public async Task It_waits_twice_as_long_after_each_failure_up_to_a_limit_and_as_much_less_as_chance_says(
        int chance, int[] pauses)
    {
        var live = await OpenStillAsync();
        await live.Page.EvaluateAsync($"Math.random = () => {chance}");
        for (var failures = 0; failures < pauses.Length; failures++)
        {
            await live.LoseConnectionAsync();
            await live.Page.Clock.RunForAsync(pauses[failures] - 1);
            Assert.Equal(failures + 1, await live.ConnectionsAsync());
            await live.Page.Clock.RunForAsync(1);
            Assert.Equal(failures + 2, await live.ConnectionsAsync());
        }

        await live.SayStatusAsync([]);
        await Expect(live.Body).ToHaveAttributeAsync("data-connection", "live");
        await live.LoseConnectionAsync();
        await live.Page.Clock.RunForAsync(pauses[0]);
        Assert.Equal(pauses.Length + 2, await live.ConnectionsAsync());
    }

    [Fact]
    public async Task Try_now_does_not_wait_and_does_not_try_twice()
    {
        var live = await OpenStillAsync();
        await live.LoseConnectionAsync();

        await live.Page.Locator("#retry").ClickAsync();
        Assert.Equal(2, await live.ConnectionsAsync());
        await Expect(live.Body).ToHaveAttributeAsync("data-connection", "connecting");

        await live.Page.Clock.RunForAsync(1000);
        Assert.Equal(2, await live.ConnectionsAsync());
    }

    [Fact]
    public async Task A_server_that_falls_silent_counts_as_lost_and_what_it_said_stays()
    {
        var live = await OpenStillAsync();
        await live.SayStatusAsync([Device("edge-1")]);
        await live.Page.Clock.RunForAsync(5999);
        await Expect(live.Body).ToHaveAttributeAsync("data-connection", "live");

        await live.Page.Clock.RunForAsync(1);

        await Expect(live.Body).ToHaveAttributeAsync("data-connection", "lost");
        Assert.True(await live.Page.EvaluateAsync<bool>("window.stream.closed"));
        await Expect(live.Page.Locator("#status-detail")).ToContainTextAsync("What you see is the last that came.");
        await Expect(live.Page.Locator("#cards [data-device=edge-1]")).ToBeVisibleAsync();
    }

    private Task<LivePage> OpenStillAsync() => OpenAsync(chromium.Browser, still: true);
}
