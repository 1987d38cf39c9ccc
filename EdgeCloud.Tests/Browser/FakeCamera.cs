using System.Diagnostics;
using Microsoft.Playwright;

namespace EdgeCloud.Tests.Browser;

/// <summary>Chromium with a camera that plays the photo, for ever.</summary>
public sealed class FakeCamera : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("edgecloud-camera-");
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var film = Path.Combine(_directory.FullName, "photo.mjpeg");
        await FilmAsync(Photo.AstronautFile, film);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = FindChromium(),
            Args =
            [
                "--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", $"--use-file-for-fake-video-capture={film}",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Motion JPEG of 640 × 480, full-range colours as Chromium wants them, the photo at the left.</summary>
    private static async Task FilmAsync(string photo, string film)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-loglevel", "error", "-y", "-loop", "1", "-i", photo, "-t", "1", "-r", "10", "-vf", "scale=480:480,pad=640:480:0:0,format=yuvj420p", "-q:v", "2", "-f", "mjpeg", film,
        ])
        { RedirectStandardError = true })!;
        var error = await ffmpeg.StandardError.ReadToEndAsync();
        await ffmpeg.WaitForExitAsync();
        Assert.True(ffmpeg.ExitCode == 0, $"ffmpeg: {error}");
    }

    internal static string FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(directory => new[] { "chromium", "chromium-browser", "google-chrome", "chrome.exe" }, Path.Combine)
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("Chromium was not found on PATH; on Debian: apt-get install -y chromium.");
}
