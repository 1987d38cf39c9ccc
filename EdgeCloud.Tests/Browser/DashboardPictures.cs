using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

/// <summary>Aspire's dashboard while a camera runs: the resources, and the trace of one frame.</summary>
internal sealed partial class DashboardPictures : IAsyncDisposable
{
    private readonly DistributedApplication _app;
    private readonly TemporaryFolder _folder;

    private DashboardPictures(DistributedApplication app, TemporaryFolder folder) => (_app, _folder) = (app, folder);

    private string Address => _app.Services.GetRequiredService<IConfiguration>()["ASPNETCORE_URLS"]!;

    /// <summary>A system of its own: that of the other tests runs without a dashboard.</summary>
    public static async Task<DashboardPictures> StartAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.EdgeCloud_AppHost>(
            ["--Containers=off", "--Kafka:Mode=Embedded", "--DcpPublisher:RandomizePorts=false"],
            (options, _) => options.DisableDashboard = false);
        var folder = new TemporaryFolder();
        builder.KeepFilesIn(folder);
        var pictures = new DashboardPictures(await builder.BuildAsync(), folder);
        await pictures._app.StartAsync();
        await pictures._app.AreHealthyAsync("edge", "server", "prometheus");
        return pictures;
    }

    /// <param name="camera">A page at the camera page's address, not started.</param>
    public async Task<IPage> ResourcesAsync(IPage camera)
    {
        await camera.GotoAsync(_app.GetEndpoint("edge", "http").ToString());
        await camera.Locator("#start").ClickAsync();
        await Expect(camera.Locator("#processed-total")).ToHaveTextAsync(TenOrMore());

        var page = await camera.Context.NewPageAsync();
        var token = _app.Services.GetRequiredService<IConfiguration>()["AppHost:BrowserToken"];
        await page.GotoAsync($"{Address}/login?t={token}");
        await Expect(page.GetByText("Live page")).ToBeVisibleAsync();
        return page;
    }

    /// <param name="page">A page of the dashboard.</param>
    public async Task<IPage> TraceAsync(IPage page)
    {
        await page.GotoAsync($"{Address}/traces");
        await page.GetByText("POST /frame").Last.ClickAsync();
        await Expect(page.GetByText("aggregate").First).ToBeVisibleAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@"^\d\d")]
    private static partial Regex TenOrMore();
}
