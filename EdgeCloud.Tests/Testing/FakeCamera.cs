using Microsoft.Playwright;

namespace EdgeCloud.Tests.Testing;

/// <summary>Chromium with a camera that plays the photo, for ever.</summary>
public sealed class FakeCamera : IAsyncLifetime
{
    private static readonly float FarTooLongMs = (float)Eventually.FarTooLong.TotalMilliseconds;

    private readonly TemporaryFolder _folder = new();
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(FarTooLongMs);
        await FilmAsync(Photo.AstronautFile, Film);
        _playwright = await Playwright.CreateAsync();
        Browser = await LaunchAsync("--use-fake-ui-for-media-stream");
    }

    /// <summary>Another browser, on which whoever is asked for the camera says no.</summary>
    public Task<IBrowser> LaunchDenyingAsync() => LaunchAsync("--deny-permission-prompts");

    /// <summary>
    /// A page in a context of its own; both are waited for as long as anything else in these tests,
    /// on a machine however busy.
    /// </summary>
    internal static async Task<IPage> NewPageAsync(IBrowser browser, BrowserNewContextOptions? options = null)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(FarTooLongMs);
        return await context.NewPageAsync();
    }

    internal Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null) => NewPageAsync(Browser, options);

    /// <summary>
    /// Closes what a test has left open: an open page is drawn for as long as the browser runs, by the processor, which
    /// makes every test after it slower.
    /// </summary>
    internal Task ClosePagesAsync() => Task.WhenAll(Browser.Contexts.ToArray().Select(context => context.CloseAsync()));

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        _folder.Dispose();
    }

    private string Film => _folder.File("photo.mjpeg");

    private Task<IBrowser> LaunchAsync(string permission) =>
        _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = FindChromium(),
            Args =
            [
                "--no-sandbox", permission,
                "--use-fake-device-for-media-stream", $"--use-file-for-fake-video-capture={Film}",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
            ],
        });

    /// <summary>
    /// Motion JPEG of 640 × 480, full-range colours as Chromium wants them: the photo without its top and bottom edge.
    /// </summary>
    private static Task FilmAsync(string photo, string film) =>
        FfmpegAsync(
            "-loop", "1", "-i", photo, "-t", "1", "-r", "10", "-vf", "scale=640:640,crop=640:480:0:10,format=yuvj420p",
            "-q:v", "2", "-f", "mjpeg", film);

    internal static Task FfmpegAsync(params string[] arguments) =>
        ChildProcess.SucceedAsync(["ffmpeg", "-loglevel", "error", "-y", .. arguments]);

    internal static string FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(
                directory => new[] { "chromium", "chromium-browser", "google-chrome", "chrome.exe" }, Path.Combine)
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
                "Chromium was not found on PATH; on Debian: apt-get install -y chromium.");
}
