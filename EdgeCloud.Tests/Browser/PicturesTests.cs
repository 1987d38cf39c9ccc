using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EdgeCloud.Tests.Browser;

[Collection(RunningSystemCollection.Name)]
public sealed partial class PicturesTests(RunningSystem system, FakeCamera camera)
{
    /// <summary>Set to 1, the pictures are taken anew of the running system.</summary>
    private const string WriteVariable = "EDGECLOUD_WRITE_PICTURES";

    private const string CameraAddress = "http://localhost:9001";
    private const int MaxBytes = 600_000;
    private const int EnoughToSee = 100;

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "pictures");

    private static readonly (string Name, BrowserNewContextOptions Options)[] Windows =
    [
        ("desktop", new() { ViewportSize = new() { Width = 1440, Height = 900 } }),
        ("dark", new() { ViewportSize = new() { Width = 1440, Height = 900 }, ColorScheme = ColorScheme.Dark }),
        ("phone", new() { ViewportSize = new() { Width = 390, Height = 844 }, DeviceScaleFactor = 2 }),
    ];

    [Fact]
    public async Task Every_picture_that_a_document_shows_is_there_and_small()
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            await WriteAsync();

        string[] documents = [Path.Combine(Repository.Root, "README.md"), .. Directory.GetFiles(
            Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)];
        var shown = documents.SelectMany(static document => Shown().Matches(File.ReadAllText(document))
            .Select(match => Path.GetFullPath(match.Groups["path"].Value, Path.GetDirectoryName(document)!)))
            .Distinct().ToArray();

        Assert.NotEmpty(shown);
        Assert.All(shown, static picture => Assert.InRange(new FileInfo(picture).Length, 1, MaxBytes));
        Assert.Equal(Directory.GetFiles(Folder, "*.png").Order(), shown.Order());
    }

    private async Task WriteAsync()
    {
        Directory.CreateDirectory(Folder);
        foreach (var (name, options) in Windows)
        {
            var page = await camera.NewPageAsync(options);
            await TakeAsync(await CameraAsync(page), $"camera-{name}");
            await using var traffic = new Traffic(system.Edge);
            await TakeAsync(await LiveAsync(await page.Context.NewPageAsync(), traffic), $"live-{name}");
            await page.Context.DisposeAsync();
        }

        await using var dashboard = await DashboardPictures.StartAsync();
        var resources = await dashboard.ResourcesAsync(await camera.NewPageAsync(Windows[0].Options));
        await TakeAsync(resources, "dashboard-resources");
        await TakeAsync(await dashboard.TraceAsync(resources), "dashboard-trace");
    }

    /// <summary>
    /// The camera page after some seconds, at the address a reader opens, whatever port the edge has here.
    /// </summary>
    private async Task<IPage> CameraAsync(IPage page)
    {
        await page.RouteAsync($"{CameraAddress}/**", async route => await route.FulfillAsync(new()
        {
            Response = await route.FetchAsync(
                new() { Url = new Uri(system.Edge.BaseAddress!, new Uri(route.Request.Url).PathAndQuery).ToString() }),
        }));
        await page.AddInitScriptAsync(
            "Object.defineProperty(MediaDeviceInfo.prototype, 'label', { get: () => 'Integrated camera' })");
        await page.GotoAsync($"{CameraAddress}/");
        await page.Locator("#mirror").UncheckAsync();
        await page.Locator("#start").ClickAsync();
        await Expect(page.Locator("#overlay")).ToHaveAttributeAsync("data-poses", "1");
        await Expect(page.Locator("#processed-total")).ToHaveTextAsync(FifteenOrMore());
        await Expect(page.Locator("#carbon")).ToContainTextAsync("per frame");
        await page.EvaluateAsync("document.activeElement.blur()");
        return page;
    }

    private async Task<IPage> LiveAsync(IPage page, Traffic traffic)
    {
        await page.GotoAsync(system.Server.BaseAddress!.ToString());
        foreach (var device in (string[])["edge-1", .. Traffic.Devices])
            await Expect(page.Locator("main")).ToContainTextAsync(device);
        await Eventually.HoldsAsync(() => traffic.Sent >= EnoughToSee, "the other devices have sent their frames");
        return page;
    }

    /// <summary>PNG of 256 colours, a third of the size.</summary>
    private static async Task TakeAsync(IPage page, string name)
    {
        using var folder = new TemporaryFolder();
        var full = folder.File("full.png");
        await page.EvaluateAsync("scrollTo(0, 0)");
        await page.ScreenshotAsync(new() { Path = full });
        await FakeCamera.FfmpegAsync(
            "-i", full, "-vf", "split[a][b];[a]palettegen[palette];[b][palette]paletteuse=dither=sierra2_4a",
            Path.Combine(Folder, $"{name}.png"));
    }

    /// <summary>A few devices more, so that there is something to see.</summary>
    private sealed class Traffic : IAsyncDisposable
    {
        public static readonly string[] Devices = ["entrance", "workshop", "hall"];

        private readonly CancellationTokenSource _end = new();
        private readonly Task _sending;
        private int _sent;

        public Traffic(HttpClient edge) => _sending = Task.WhenAll(
            Devices.Select((device, index) => SendAsync(edge, device, TimeSpan.FromMilliseconds(300 + (200 * index)))));

        public int Sent => Volatile.Read(ref _sent);

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _sending;
            _end.Dispose();
        }

        private async Task SendAsync(HttpClient edge, string device, TimeSpan every)
        {
            using var pace = new PeriodicTimer(every);
            while (!_end.IsCancellationRequested)
            {
                using var jpeg = new ByteArrayContent(Photo.Astronaut)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") },
                };
                (await edge.PostAsync($"/frame?device_id={device}", jpeg)).Dispose();
                Interlocked.Increment(ref _sent);
                await pace.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>A single number would be missed by a test that is slower than the frames.</summary>
    [GeneratedRegex(@"^(1[5-9]|[2-9]\d|\d{3,}) in all$")]
    private static partial Regex FifteenOrMore();

    [GeneratedRegex("""(?<path>[\w./-]*pictures/[\w-]+\.png)""")]
    private static partial Regex Shown();
}
