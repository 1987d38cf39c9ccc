using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using EdgeCloud.AppHost.Brokers;
using EdgeCloud.Contract;
using Microsoft.Playwright;

namespace EdgeCloud.Bench;

/// <summary>
/// <c>live DEVICES FPS</c>: what the live page costs a browser while so many devices report: events produced to an
/// embedded broker, read by a server process, followed by the page in headless Chromium, at 1440 × 900 with the cards
/// that are shown at first and with all of them.
/// </summary>
internal static class LivePageMeasurement
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Counts what requestAnimationFrame delivers in so many milliseconds, and the longest pause between two.
    /// </summary>
    private const string CountFrames =
        """
        ms => new Promise(done => {
          let count = 0, longest = 0, first, last;
          requestAnimationFrame(function frame(at) {
            if (first === undefined) first = at;
            else { count++; longest = Math.max(longest, at - last); }
            last = at;
            if (at - first < ms) requestAnimationFrame(frame);
            else done([count * 1000 / (at - first), longest]);
          });
        })
        """;

    public static async Task RunAsync(int devices, double framesPerSecond)
    {
        using var broker = new EmbeddedBroker(6, DetectionTopic.Name, DetectionTopic.DeadLetterName);
        await using var server =
            await ServiceProcess.StartAsync("EdgeCloud.Server", [("ConnectionStrings:kafka", broker.BootstrapServers)]);
        using var stopping = new CancellationTokenSource();
        var producing = ProduceAsync(broker.BootstrapServers, devices, framesPerSecond, stopping.Token);
        await LookAsync($"{server.Http.BaseAddress}");
        await stopping.CancelAsync();
        await producing;
    }

    private static async Task LookAsync(string address)
    {
        using var playwright = await Playwright.CreateAsync();
        var chromium = Environment.GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator).Select(directory => Path.Combine(directory, "chromium")).First(File.Exists);
        await using var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync(
            new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        var empty = await page.EvaluateAsync<double[]>(CountFrames, Duration.TotalMilliseconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"an empty page: {empty[0]:F1} frames a second, longest pause {empty[1]:F0} ms"));
        await page.GotoAsync(address);
        await page.Locator("#cards .device").First.WaitForAsync();
        await MeasureAsync(browser, page, "the cards shown at first");

        // With few devices all cards are there already.
        if (await page.Locator("#more").IsVisibleAsync())
        {
            await page.Locator("#more").ClickAsync();
            await page.Locator("#cards").ScrollIntoViewIfNeededAsync();
            await MeasureAsync(browser, page, "all cards");
        }

        Console.WriteLine($"  missed: {await page.Locator("#feed-note").TextContentAsync()}");
    }

    private static async Task MeasureAsync(IBrowser browser, IPage page, string what)
    {
        await page.WaitForTimeoutAsync(5000);
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        var before =
            (Page: await MainThreadAsync(session), All: await ProcessesAsync(browser), At: Stopwatch.GetTimestamp());
        await page.WaitForTimeoutAsync((float)Duration.TotalMilliseconds);
        var seconds = Stopwatch.GetElapsedTime(before.At).TotalSeconds;
        var (main, all) = (await MainThreadAsync(session) - before.Page, await ProcessesAsync(browser));
        var frames = await page.EvaluateAsync<double[]>(CountFrames, Duration.TotalMilliseconds);
        var shares = all.Select(each => string.Create(
            CultureInfo.InvariantCulture,
            $"{each.Key} {(each.Value - before.All.GetValueOrDefault(each.Key)) / seconds:P1}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: page's thread {main / seconds:P1} of a core; processor time of {string.Join(", ", shares)}; "
            + $"{frames[0]:F1} frames a second, longest pause {frames[1]:F0} ms"));
    }

    private static async Task<double> MainThreadAsync(ICDPSession session)
    {
        var answer = await session.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .First(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }

    private static async Task<Dictionary<string, double>> ProcessesAsync(IBrowser browser)
    {
        var session = await browser.NewBrowserCDPSessionAsync();
        var answer = await session.SendAsync("SystemInfo.getProcessInfo");
        await session.DetachAsync();
        return answer!.Value.GetProperty("processInfo").EnumerateArray()
            .GroupBy(process => process.GetProperty("type").GetString()!)
            .ToDictionary(kind => kind.Key, kind => kind.Sum(process => process.GetProperty("cpuTime").GetDouble()));
    }

    /// <summary>Each device at its own moment of the interval.</summary>
    private static async Task ProduceAsync(
        string bootstrapServers, int devices, double framesPerSecond, CancellationToken stopping)
    {
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig { BootstrapServers = bootstrapServers, LingerMs = 1 }).Build();
        var template = ReplayMeasurement.Example(withPose: true);
        var started = Stopwatch.GetTimestamp();
        for (long sent = 0; !stopping.IsCancellationRequested; sent++)
        {
            var due = TimeSpan.FromSeconds(sent / (devices * framesPerSecond)) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.FromMilliseconds(1))
                await Task.Delay(due, CancellationToken.None);
            var (device, frame) = (sent % devices, (sent / devices) + 1);
            var now = DateTimeOffset.UtcNow.ToMicroseconds();
            var shift = 0.1 * Math.Sin(sent);
            var one = template with
            {
                DeviceId = $"camera-{device + 1}",
                Timestamp = now,
                EventId = Guid.CreateVersion7(now),
                Frame = new FrameInfo(frame, 640, 480),
                Faces = [.. template.Faces.Select(face => face with
                {
                    Conf = 0.9,
                    Xmin = 0.35 + shift,
                    Ymin = 0.3,
                    Width = 0.25,
                    Height = 0.35,
                    Keypoints = null,
                })],
                OutboxEvents = 1,
            };
            producer.Produce(DetectionTopic.Name, DetectionTopic.CreateMessage(
                one.DeviceId, one.EventId.Value, one.Timestamp, DetectionEventJson.Write(one)));
        }

        producer.Flush(CancellationToken.None);
    }
}
