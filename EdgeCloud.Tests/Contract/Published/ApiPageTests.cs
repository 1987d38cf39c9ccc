using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Contract.Published;

/// <summary>The page that shows a service's API, in a browser that reaches nothing but the service.</summary>
[Collection(ServicesCollection.Name)]
public sealed class ApiPageTests(ServicesFixture services, FakeCamera browser)
    : IClassFixture<FakeCamera>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => browser.ClosePagesAsync();

    [Theory]
    [InlineData("edge", 1440, "Looks at one frame")]
    [InlineData("edge", 390, "Looks at one frame")]
    [InlineData("server", 1440, "The newest events, newest first")]
    [InlineData("server", 390, "The newest events, newest first")]
    public async Task It_shows_the_operations_without_an_error_and_asks_nobody_else(
        string service, int width, string operation)
    {
        var address = (service == "edge" ? services.Edge : services.Server).BaseAddress!;
        var page = await browser.NewPageAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        var (errors, elsewhere) = (new List<string>(), new List<string>());
        page.Console += (_, message) => Note(errors, message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(errors, true, error);
        page.Request += (_, request) => Note(
            elsewhere,
            !address.IsBaseOf(new Uri(request.Url)) && request.Url.StartsWith("http", StringComparison.Ordinal),
            request.Url);

        await page.GotoAsync(new Uri(address, "scalar").ToString());

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"EdgeCloud {service}" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = operation }).First.ScrollIntoViewIfNeededAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Empty(errors);
        Assert.Empty(elsewhere);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Context.CloseAsync();

        static void Note(List<string> notes, bool isTrue, string text)
        {
            if (isTrue)
                notes.Add(text);
        }
    }
}
